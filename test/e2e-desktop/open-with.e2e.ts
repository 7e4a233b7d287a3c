import { spawn } from 'node:child_process'
import { once } from 'node:events'
import path from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { needsElectron, patientMs, startDesktop, type DesktopApp } from '../support/desktop/desktop-app.ts'

/** PEM, P7B and PFX. */
const files = ['p256.crt.pem', 'chain.p7b', 'rsa-aes.p12']
const sample = (name: string) => path.resolve('test/support/pki/samples', name)

let app: DesktopApp

beforeAll(async () => {
  const started = await startDesktop({ words: files.map(sample) })
  if (started) app = started
}, patientMs + 60_000)
afterAll(() => app?.close())
beforeEach(needsElectron)

/** An archive asks for its passphrase. */
async function isOpen(file: string): Promise<void> {
  const pieces = app.window.getByRole('navigation', { name: 'Pieces found' })
  await pieces.getByText(file).first().waitFor()
  if (file.endsWith('.p12')) await app.window.getByLabel(`Passphrase for ${file}`).first().waitFor()
}

/** Another page shows, and the Inspector is empty. */
async function leaveInspector(): Promise<void> {
  await app.window.getByRole('button', { name: 'Clear', exact: true }).click()
  await app.window.getByRole('navigation', { name: 'Pieces found' }).waitFor({ state: 'detached' })
  await app.window.getByRole('link', { name: 'Usage' }).first().click()
  await app.window.getByRole('heading', { name: 'Usage' }).first().waitFor()
}

describe('files opened with the app', () => {
  test('files given at the start open in the Inspector, and nothing is stored', async () => {
    for (const file of files) await isOpen(file)
    expect(await app.ask((client) => client.certificates.list())).toEqual([])
  })

  for (const file of files) {
    test(`${file}, passed by a second start, opens in the existing window`, async () => {
      await leaveInspector()
      const child = spawn(app.start.executablePath, [...app.start.args, sample(file)], { stdio: 'ignore' })
      expect(await once(child, 'exit')).toEqual([0, null])
      await isOpen(file)
      expect(app.electron.windows()).toHaveLength(1)
    })

    test(`${file}, sent by the open-file event of macOS, opens in the running app`, async () => {
      await leaveInspector()
      await app.electron.evaluate(
        ({ app: running }, opened) =>
          void running.emit('open-file', { preventDefault: () => undefined }, opened),
        sample(file),
      )
      await isOpen(file)
    })
  }
})
