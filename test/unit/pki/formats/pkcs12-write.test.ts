import { spawnSync } from 'node:child_process'
import { describe, expect, test } from 'vitest'
import { chainFromPem } from '../../../../src/engine/pki/facts/certificate.ts'
import { openIntake } from '../../../../src/engine/pki/intake/intake.ts'
import { toPkcs12 } from '../../../../src/engine/pki/formats/pkcs12-write.ts'
import { createTestAuthority, issueTestLeaf, type TestKeyType } from '../../../support/certificates.ts'
import { needlesOf } from '../../../support/needles.ts'

const root = createTestAuthority({ commonName: 'root' })
const intermediate = createTestAuthority({ commonName: 'intermediate', issuer: root })

function archiveOf(key: TestKeyType, passphrase: string) {
  const leaf = issueTestLeaf(intermediate, { names: ['shop.test'], key }, [intermediate])
  const chain = chainFromPem(leaf.chainPem)
  const bytes = toPkcs12({ chain, keyPem: Buffer.from(leaf.keyPem), passphrase })
  return { leaf, bytes }
}

describe.each(['rsa', 'ec', 'p384', 'ed25519'] as const)('a PKCS#12 archive with an %s key', (key) => {
  test('is read back whole with its passphrase and not without', () => {
    const { leaf, bytes } = archiveOf(key, 'pässword')
    const file = { name: 'shop.p12', bytes }
    const intake = openIntake([file], { passphrase: 'pässword' })
    const { chainPem, keyPem } = intake.servable()
    expect(chainPem).toBe(leaf.chainPem)
    expect(keyPem.toString()).toBe(leaf.keyPem)
    intake.destroy()
    const wrong = openIntake([file], { passphrase: 'password' })
    expect(wrong.report.problems.map(({ code }) => code)).toEqual(['key.wrong_passphrase'])
  })

  test('holds the key only under its passphrase', () => {
    const { leaf, bytes } = archiveOf(key, 'a passphrase')
    for (const needle of needlesOf(leaf.keyPem).bytes) expect(Buffer.from(bytes).includes(needle)).toBe(false)
  })
})

test('OpenSSL reads it, and finds key and certificates', (context) => {
  if (spawnSync('openssl', ['version']).error) context.skip('there is no openssl on this computer')
  const { leaf, bytes } = archiveOf('rsa', 'secret')
  const words = ['pkcs12', '-passin', 'pass:secret', '-nodes']
  const { stdout, stderr } = spawnSync('openssl', words, { input: bytes, encoding: 'utf8' })
  expect(stderr).toBe('')
  for (const block of leaf.chainPem.match(/-----BEGIN CERT[^]*?-----END CERTIFICATE-----/g) ?? []) {
    expect(stdout).toContain(block)
  }
  expect(stdout).toContain(leaf.keyPem)
})
