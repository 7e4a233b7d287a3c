import { randomBytes } from 'node:crypto'
import { expect, test } from 'vitest'
import { seal, withUnsealed, type SealBinding } from '../../../../src/engine/vault/seal.ts'

const zeroes = Buffer.alloc(6)
const key = randomBytes(32)
const binding: SealBinding = { table: 'requests', row: 'r1', spkiSha256: 'ab' }
const named = { sealed: seal(key, Buffer.from('secret'), binding), binding, name: 'Shop' }

test('a lent secret is zeroed when the borrower has returned', () => {
  const lent: Buffer[] = []
  const text = withUnsealed(key, named, (secret) => {
    lent.push(secret)
    return secret.toString()
  })
  expect(text).toBe('secret')
  expect(lent).toEqual([zeroes])
})

test('a lent secret is zeroed when the borrower throws', () => {
  const lent: Buffer[] = []
  const fail = (secret: Buffer): never => {
    lent.push(secret)
    throw new Error('refused')
  }
  expect(() => withUnsealed(key, named, fail)).toThrow('refused')
  expect(lent).toEqual([zeroes])
})

test('a secret lent to something asynchronous is zeroed when that has settled, not before', async () => {
  const lent: Buffer[] = []
  const step = Promise.withResolvers<void>()
  const result = withUnsealed(key, named, async (secret) => {
    lent.push(secret)
    await step.promise
    return secret.toString()
  })
  expect(lent.join()).toBe('secret')
  step.resolve()
  expect(await result).toBe('secret')
  expect(lent).toEqual([zeroes])
})

test('a secret lent to something asynchronous is zeroed when that fails', async () => {
  const lent: Buffer[] = []
  const result = withUnsealed(key, named, async (secret) => {
    lent.push(secret)
    await Promise.reject(new Error('refused'))
  })
  await expect(result).rejects.toThrow('refused')
  expect(lent).toEqual([zeroes])
})
