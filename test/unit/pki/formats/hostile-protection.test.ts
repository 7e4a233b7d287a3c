import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { withKeyWork } from '../../../../src/pki/formats/key-work.ts'
import { openIntake } from '../../../../src/pki/intake/intake.ts'
import { readIntake } from '../../../../src/pki/intake/opening.ts'
import {
  element,
  explicit,
  integer,
  objectIdentifier,
  octetString,
  sequence,
} from '../../../support/pki/der-writer.ts'
import { sample } from '../../../support/pki/samples.ts'

const passphrase = 'x'
const folder = mkdtempSync(path.join(tmpdir(), 'edgekeep-protection-'))
afterAll(() => rmSync(folder, { recursive: true }))
const key = sample('p256.key.pem').bytes

/** A command that exits before it reads its input causes a broken pipe. */
function openssl(words: string[], input?: typeof key): Buffer {
  return execFileSync('openssl', words, input === undefined ? {} : { input })
}

/** The samples' key, encrypted with `rounds` rounds of derivation. */
function encryptedKey(rounds: number): Buffer {
  const how = ['-v2', 'aes-128-cbc', '-v2prf', 'hmacWithSHA256', '-iter', String(rounds), '-outform', 'der']
  return openssl(['pkcs8', '-topk8', ...how, '-passout', `pass:${passphrase}`], key)
}

/** Archive under an empty passphrase, with 20,000 rounds for its MAC. */
function archiveWithout(): Buffer {
  const out = path.join(folder, 'empty.p12')
  const [crt, pem] = ['crt', 'key'].map((part) => path.resolve(`test/support/pki/samples/p256.${part}.pem`))
  const what = ['-in', crt ?? '', '-inkey', pem ?? '', '-out', out, '-passout', 'pass:']
  const how = ['-iter', '20000', '-macalg', 'sha256', '-keypbe', 'NONE', '-certpbe', 'NONE']
  openssl(['pkcs12', '-export', ...what, ...how])
  return readFileSync(out)
}

/** PBES2 (RFC 8018) with a derivation that OpenSSL would not write, around nothing. */
function pbes2(derivation: Uint8Array): Uint8Array {
  const cipher = sequence(objectIdentifier('2.16.840.1.101.3.4.1.42'), octetString(Buffer.alloc(16)))
  const scheme = sequence(objectIdentifier('1.2.840.113549.1.5.13'), sequence(derivation, cipher))
  return sequence(scheme, octetString(Buffer.alloc(48)))
}
const salt = octetString(Buffer.from('salt'))
const scrypt = (cost: number, block: number, parallel: number) =>
  pbes2(
    sequence(
      objectIdentifier('1.3.6.1.4.1.11591.4.11'),
      sequence(salt, integer(cost), integer(block), integer(parallel)),
    ),
  )
const pbkdf2 = (rounds: number) =>
  pbes2(sequence(objectIdentifier('1.2.840.113549.1.5.12'), sequence(salt, integer(rounds))))

async function problemsWith(bytes: Uint8Array, name = 'a.key') {
  const { report } = await readIntake([{ name, bytes: Buffer.from(bytes) }], { passphrase })
  return report.problems.map(({ code, message }) => `${code}: ${message}`)
}

describe('a key derivation that cannot be done', () => {
  test.each([
    ['scrypt with a cost that is not a power of two', scrypt(1_000_001, 8, 1), 'not a power of two'],
    ['scrypt that takes 128 MB', scrypt(2 ** 17, 8, 1), 'bytes of memory'],
    ['scrypt that takes 128 MB with little work', scrypt(2 ** 20, 1, 1), 'bytes of memory'],
    ['more rounds than are ever run', pbkdf2(10_000_001), '10000001 rounds'],
    ['2^31 rounds', pbkdf2(2 ** 31), '2147483648 rounds'],
  ])('is said of the file that asks for it: %s', async (_what, file, reason) => {
    const [said = '', ...others] = await problemsWith(file)
    expect(others).toEqual([])
    expect(said).toMatch(/^key\.malformed: .*a\.key/)
    expect(said).toContain(reason)
  })
})

test('archives are tried without a passphrase within one bound, however many there are', async () => {
  // Another salt in each, or one derivation would do for all.
  const files = Array.from({ length: 12 }, (_, at) => ({ name: `${at}.p12`, bytes: archiveWithout() }))
  const without = await readIntake(files, {})
  const locked = without.unread().filter(({ code }) => code === 'input.locked')
  expect(locked.length).toBeGreaterThan(6)
  expect(locked.length).toBeLessThan(12)
  const asked = await readIntake(files, { passphrase: '' })
  expect(asked.unread()).toEqual([])
})

test('a Java keystore whose key takes a hundred thousand hashes of a long passphrase is refused', async () => {
  const number = (value: number) => Buffer.from(value.toString(16).padStart(8, '0'), 'hex')
  const algorithm = sequence(objectIdentifier('1.3.6.1.4.1.42.2.17.1.1'), element(0x05))
  const entry = sequence(algorithm, octetString(Buffer.alloc(1_900_000, 1)))
  const head = [Buffer.from('feedfeed', 'hex'), number(2), number(1), number(1), Buffer.from([0, 1, 97])]
  const store = Buffer.concat([
    ...head,
    Buffer.alloc(8),
    number(entry.length),
    entry,
    number(0),
    Buffer.alloc(20),
  ])
  const intake = await readIntake([{ name: 'a.jks', bytes: store }], { passphrase: 'long'.repeat(256) })
  expect(intake.report.problems).toMatchObject([
    { code: 'key.malformed', message: expect.stringContaining('more work than the limit allows') },
  ])
})

test('an archive of many keys under long derivations is read a few times, not once for each', async () => {
  const shrouded = Array.from({ length: 6 }, () =>
    sequence(objectIdentifier('1.2.840.113549.1.12.10.1.2'), explicit(0, encryptedKey(250_001))),
  )
  const data = (content: Uint8Array) =>
    sequence(objectIdentifier('1.2.840.113549.1.7.1'), explicit(0, octetString(content)))
  const bytes = sequence(integer(3), data(sequence(data(sequence(...shrouded)))))
  let attempts = 0
  const { report } = await withKeyWork({}, (budget) => {
    attempts += 1
    return openIntake([{ name: 'a.p12', bytes: Buffer.from(bytes) }], { passphrase, budget })
  })
  expect(report.problems).toEqual([])
  expect(report.pieces.filter(({ kind }) => kind === 'private-key')).toHaveLength(6)
  expect(attempts).toBe(2)
})

/** PBES1 with MD5 and RC2 (RFC 8018, appendix A.3), around as much as is asked for. */
function underRc2(bytes: number): Uint8Array {
  const from = sequence(octetString(Buffer.alloc(8)), integer(1))
  return sequence(
    sequence(objectIdentifier('1.2.840.113549.1.5.6'), from),
    octetString(Buffer.alloc(bytes, 5)),
  )
}

test('two megabytes under RC2, which is decrypted in script, are refused at once', async () => {
  expect(await problemsWith(underRc2(1_999_992))).toEqual([
    expect.stringMatching(/^key.malformed: .*more work than the limit allows/),
  ])
})
