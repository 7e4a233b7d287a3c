import { randomBytes } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { BrokenSeal, seal, unseal, type SealBinding } from '../../../../src/engine/vault/seal.ts'

const key = randomBytes(32)
const binding: SealBinding = { table: 'sealed_keys', row: 'c1', spkiSha256: 'ab12' }

describe('a sealed secret', () => {
  test('opens with the same key and the same binding, whatever its bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 5000 }), (bytes) => {
        const secret = Buffer.from(bytes)
        expect(unseal(key, seal(key, secret, binding), binding).bytes).toEqual(secret)
      }),
    )
  })

  test('does not contain the secret, and differs each time', () => {
    const secret = Buffer.from('a secret that is long enough to be found')
    const [first, second] = [seal(key, secret, binding), seal(key, secret, binding)]
    expect(first.includes(secret.subarray(0, 8))).toBe(false)
    expect(first.equals(second)).toBe(false)
  })

  test('opens if an earlier version sealed it', () => {
    const sealed = '010c8d7fc2ea202397c6917139ee66efb358ebad9a8963415b0744d920ff68a5c3c466'
    const its: SealBinding = { table: 'sealed_keys', row: 'c1', spkiSha256: 'ab' }
    expect(unseal(Buffer.alloc(32, 7), Buffer.from(sealed, 'hex'), its).bytes.toString()).toBe('secret')
  })

  test('is refused with one byte changed, wherever that is', () => {
    const sealed = seal(key, Buffer.from('secret'), binding)
    for (let index = 0; index < sealed.length; index += 1) {
      const changed = Buffer.from(sealed)
      changed[index] = changed[index]! ^ 1
      expect(() => unseal(key, changed, binding)).toThrow(BrokenSeal)
    }
  })

  test('is refused when it is cut short', () => {
    const sealed = seal(key, Buffer.from('secret'), binding)
    for (let length = 0; length < sealed.length; length += 1)
      expect(() => unseal(key, sealed.subarray(0, length), binding)).toThrow(BrokenSeal)
  })

  test('is refused in another table, in another row and beside another public key', () => {
    const sealed = seal(key, Buffer.from('secret'), binding)
    const others: SealBinding[] = [
      { ...binding, table: 'authority' },
      { ...binding, row: 'c2' },
      { ...binding, spkiSha256: 'ab13' },
      { ...binding, row: 'c1ab', spkiSha256: '12' },
    ]
    for (const other of others) expect(() => unseal(key, sealed, other)).toThrow(BrokenSeal)
  })

  test('is refused under another key', () => {
    expect(() => unseal(randomBytes(32), seal(key, Buffer.from('secret'), binding), binding)).toThrow(
      BrokenSeal,
    )
  })
})
