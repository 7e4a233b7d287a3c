import { spawnSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test, type TestContext } from 'vitest'
import { chainFromPem } from '../../../../src/pki/facts/certificate.ts'
import { readIntake } from '../../../../src/pki/intake/opening.ts'
import { toPkcs12 } from '../../../../src/pki/formats/pkcs12-write.ts'
import { createTestAuthority, issueTestLeaf, type TestKeyType } from '../../../support/pki/certificates.ts'
import { needlesOf } from '../../../support/pki/needles.ts'
import { temporaryFolder } from '../../../support/temporary-folder.ts'

const root = createTestAuthority({ commonName: 'root' })
const intermediate = createTestAuthority({ commonName: 'intermediate', issuer: root })

/** Archives by key and passphrase: each takes 600,000 rounds of two derivations to make. */
const archives = new Map<string, ReturnType<typeof makeArchive>>()

function archiveOf(key: TestKeyType, passphrase: string): ReturnType<typeof makeArchive> {
  const name = `${key} ${passphrase}`
  const archive = archives.get(name) ?? makeArchive(key, passphrase)
  archives.set(name, archive)
  return archive
}

async function makeArchive(key: TestKeyType, passphrase: string) {
  const leaf = issueTestLeaf(intermediate, { names: ['shop.test'], key }, [intermediate])
  const chain = chainFromPem(leaf.chainPem)
  const bytes = await toPkcs12({ chain, keyPem: Buffer.from(leaf.keyPem), passphrase })
  return { leaf, bytes }
}

describe.each(['rsa', 'ec', 'p384', 'ed25519'] as const)('a PKCS#12 archive with an %s key', (key) => {
  test('is read back whole with its passphrase and not without', async () => {
    const { leaf, bytes } = await archiveOf(key, 'pässword')
    const file = { name: 'shop.p12', bytes }
    const intake = await readIntake([file], { passphrase: 'pässword' })
    const { chainPem, keyPem } = intake.servable()
    expect(chainPem).toBe(leaf.chainPem)
    expect(keyPem.bytes.toString()).toBe(leaf.keyPem)
    intake[Symbol.dispose]()
    const wrong = await readIntake([file], { passphrase: 'password' })
    expect(wrong.report.problems.map(({ code }) => code)).toEqual(['key.wrong_passphrase'])
  })

  test('holds the key only under its passphrase', async () => {
    const { leaf, bytes } = await archiveOf(key, 'pässword')
    for (const needle of needlesOf(leaf.keyPem).bytes) expect(Buffer.from(bytes).includes(needle)).toBe(false)
  })
})

describe('a PKCS#12 archive', () => {
  const passphrase = 'three unrelated words'

  /** The output of a program that reads the archive, which is the file `archive.p12` of the folder. */
  async function readBy(context: TestContext, program: string, commands: string[][]) {
    if (spawnSync(program, []).error) context.skip(`there is no ${program} on this computer`)
    const folder = temporaryFolder()
    const { leaf, bytes } = await archiveOf('rsa', passphrase)
    writeFileSync(join(folder, 'archive.p12'), bytes)
    const env = { ...process.env, HOME: folder, PASSPHRASE: passphrase }
    const results = commands.map(([name = '', ...args]) =>
      spawnSync(name, args, { cwd: folder, env, encoding: 'utf8' }),
    )
    const last = results.at(-1)!
    return { leaf, stdout: last.stdout, stderr: last.stderr, statuses: results.map(({ status }) => status) }
  }

  test('takes 600,000 rounds for a guess at its passphrase, by its key and by its MAC', async (context) => {
    const info = ['openssl', 'pkcs12', '-in', 'archive.p12', '-passin', 'env:PASSPHRASE', '-info', '-noout']
    const { stderr } = await readBy(context, 'openssl', [info])
    expect(stderr).toContain('MAC: sha256, Iteration 600000\n')
    expect(stderr).toContain('PBES2, PBKDF2, AES-256-CBC, Iteration 600000, PRF hmacWithSHA256')
  })

  test('is read by OpenSSL, with key and certificates', async (context) => {
    const read = ['openssl', 'pkcs12', '-in', 'archive.p12', '-passin', 'env:PASSPHRASE', '-nodes']
    const { leaf, stdout, stderr } = await readBy(context, 'openssl', [read])
    expect(stderr).toBe('')
    for (const block of leaf.chainPem.match(/-----BEGIN CERT[^]*?-----END CERTIFICATE-----/g) ?? [])
      expect(stdout).toContain(block)
    expect(stdout).toContain(leaf.keyPem)
  })

  test('is imported by NSS, as Firefox and Chromium on Linux use it', async (context) => {
    const { stdout, statuses } = await readBy(context, 'pk12util', [
      ['certutil', '-N', '-d', 'sql:.', '--empty-password'],
      ['pk12util', '-i', 'archive.p12', '-d', 'sql:.', '-K', '', '-W', passphrase],
      ['certutil', '-K', '-d', 'sql:.'],
    ])
    expect(statuses).toEqual([0, 0, 0])
    expect(stdout).toMatch(/< 0>\s+rsa/)
  })

  test('is imported by Java’s keytool', async (context) => {
    const from = ['-srckeystore', 'archive.p12', '-srcstoretype', 'PKCS12', '-srcstorepass:env', 'PASSPHRASE']
    const to = ['-destkeystore', 'store.p12', '-deststoretype', 'PKCS12', '-deststorepass:env', 'PASSPHRASE']
    const { stdout, statuses } = await readBy(context, 'keytool', [
      ['keytool', '-importkeystore', '-noprompt', ...from, ...to],
      ['keytool', '-list', '-keystore', 'store.p12', '-storepass:env', 'PASSPHRASE'],
    ])
    expect(statuses).toEqual([0, 0])
    expect(stdout).toContain('PrivateKeyEntry')
  })
})
