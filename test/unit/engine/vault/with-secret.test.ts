import { expect, test } from 'vitest'
import { withSecret } from '../../../../src/engine/vault/with-secret.ts'

const zeroes = Buffer.alloc(6)

test('a lent secret is zeroed when the borrower has returned', () => {
  const secret = Buffer.from('secret')
  expect(withSecret(secret, (lent) => lent.toString())).toBe('secret')
  expect(secret).toEqual(zeroes)
})

test('a lent secret is zeroed when the borrower throws', () => {
  const secret = Buffer.from('secret')
  const fail = (): never => {
    throw new Error('refused')
  }
  expect(() => withSecret(secret, fail)).toThrow('refused')
  expect(secret).toEqual(zeroes)
})

test('a secret lent to something asynchronous is zeroed when that has settled, not before', async () => {
  const secret = Buffer.from('secret')
  const step = Promise.withResolvers<void>()
  const result = withSecret(secret, async (lent) => {
    await step.promise
    return lent.toString()
  })
  expect(secret.toString()).toBe('secret')
  step.resolve()
  expect(await result).toBe('secret')
  expect(secret).toEqual(zeroes)
})
