import path from 'node:path'
import { beforeEach, expect, test } from 'vitest'
import { needsElectron, PATIENT_MS, startDesktop } from '../support/desktop-app.ts'

beforeEach(needsElectron)

const sample = (name: string) => path.resolve('test/support/pki-samples', name)

test(
  'PEM, P7B and PFX that the app is started with are opened in the Inspector, and a PFX asks for its passphrase',
  async () => {
    const files = ['p256.crt.pem', 'chain.p7b', 'rsa-aes.p12']
    const app = (await startDesktop({ words: files.map(sample) }))!
    try {
      const pieces = app.window.getByRole('navigation', { name: 'Pieces found' })
      for (const file of files) await pieces.getByText(file).first().waitFor()
      await app.window
        .getByLabel(/Passphrase/)
        .first()
        .waitFor()
      expect(await app.ask((client) => client.certificates.list())).toEqual([])
    } finally {
      await app.close()
    }
  },
  PATIENT_MS,
)
