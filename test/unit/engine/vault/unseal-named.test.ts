import { randomBytes } from 'node:crypto'
import { expect, test } from 'vitest'
import { BrokenSeal, seal, unsealNamed, type SealBinding } from '../../../../src/engine/vault/seal.ts'

const key = randomBytes(32)
const binding: SealBinding = { table: 'requests', row: 'r1', spkiSha256: 'ab' }
const sealed = seal(key, Buffer.from('a secret'), binding)
const unsealable = { code: 'key.unsealable', data: { name: 'Shop' } }
const open =
  (bytes: Buffer | null, by = key, to = binding) =>
  () =>
    unsealNamed(by, { sealed: bytes, binding: to, name: 'Shop' })

test('a secret with a name opens for its key and its place', () => {
  expect(open(sealed)().bytes.toString()).toBe('a secret')
})

test('a secret that is missing, or does not open, is reported by its name', () => {
  expect(open(null)).toThrow(expect.objectContaining(unsealable))
  const broken = expect.objectContaining({ ...unsealable, cause: expect.any(BrokenSeal) as unknown }) as Error
  expect(open(sealed.subarray(0, -1))).toThrow(broken)
  expect(open(sealed, randomBytes(32))).toThrow(broken)
  expect(open(sealed, key, { ...binding, row: 'r2' })).toThrow(broken)
})

test('other errors are not reported as a fault of the secret', () => {
  expect(open(sealed, randomBytes(16))).toThrow('Invalid key length')
})
