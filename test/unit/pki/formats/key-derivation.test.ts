import { createHash } from 'node:crypto'
import forge from 'node-forge'
import { describe, expect, test } from 'vitest'
import { deriveNow, hashRounds, type Derivation } from '../../../../src/pki/formats/key-derivation.ts'

const hashOf = (digest: string, bytes: Uint8Array) => createHash(digest).update(bytes).digest()
/** BMPString of RFC 7292, appendix B.1: two bytes a letter, and two zero bytes at the end. */
const bmp = (text: string) => Buffer.from(`${text}\0`, 'utf16le').swap16()

describe('the key derivation of PKCS#12 (RFC 7292, appendix B.2)', () => {
  const digests = {
    sha1: forge.md.sha1,
    sha256: forge.md.sha256,
    sha384: forge.md.sha384,
    sha512: forge.md.sha512,
  }
  /** Derives with node-forge. */
  function expected(
    digest: keyof typeof digests,
    password: string,
    salt: Buffer,
    rounds: number,
    length: number,
  ) {
    const salted = forge.util.createBuffer(salt.toString('latin1'))
    const key = forge.pkcs12.generateKey(password, salted, 2, rounds, length, digests[digest].create())
    return Buffer.from(key.getBytes(), 'latin1')
  }

  test.each([
    ['sha1', 'a passphrase', 8, 1, 20],
    ['sha1', 'a passphrase that is longer than one block of the hash', 64, 3, 21],
    ['sha1', '', 20, 2, 60],
    ['sha256', 'ÿ€', 65, 2, 100],
    ['sha384', 'a passphrase', 8, 2, 49],
    ['sha512', 'a passphrase', 129, 2, 200],
  ] as const)(
    'gives what node-forge gives: %s, “%s”, %d, %d, %d',
    (digest, text, saltBytes, rounds, length) => {
      // Bytes of all ones carry through a whole block.
      for (const salt of [Buffer.alloc(saltBytes, 0xff), Buffer.from([...Array(saltBytes).keys()])]) {
        const derivation: Derivation = {
          ...{ kind: 'pkcs12', digest, password: bmp(text), salt, rounds, purpose: 2, length },
        }
        expect(deriveNow(derivation)).toEqual(expected(digest, text, salt, rounds, length))
      }
    },
  )

  test('takes no password and no salt for nothing at all', () => {
    const nothing = Buffer.alloc(0)
    const derivation: Derivation = {
      ...{
        kind: 'pkcs12',
        digest: 'sha1',
        password: nothing,
        salt: nothing,
        rounds: 1,
        purpose: 3,
        length: 20,
      },
    }
    expect(deriveNow(derivation)).toEqual(hashOf('sha1', Buffer.alloc(64, 3)))
  })
})

describe('hashing again and again', () => {
  const [start, suffix] = [Buffer.from('start'), Buffer.from('suffix')]
  const chain = (rounds: number) => ({ kind: 'chain', digest: 'md5', start, suffix, rounds }) as const

  test('hashes as often as there are rounds, with the suffix after each but the first', () => {
    const [once, twice] = [start, Buffer.concat([hashOf('md5', start), suffix])].map((of) =>
      hashOf('md5', of),
    )
    expect(deriveNow(chain(1))).toEqual(once)
    expect(deriveNow(chain(2))).toEqual(twice)
    expect(deriveNow(chain(3))).toEqual(hashOf('md5', Buffer.concat([twice!, suffix])))
  })

  test.each([1, 19_999, 20_000, 20_001, 40_000, 50_000])('tells of %d rounds, by the 20,000', (rounds) => {
    const told: number[] = []
    hashRounds(
      chain(rounds),
      () => start,
      (count) => told.push(count),
    )
    expect(told.reduce((sum, count) => sum + count, 0)).toBe(rounds)
    expect(told).toHaveLength(Math.ceil(rounds / 20_000))
    expect(Math.max(...told)).toBeLessThanOrEqual(20_000)
  })
})
