import { expect, test, vi } from 'vitest'
import { answerRevocation } from '../../../../../src/engine/acme/server/certificate-requests.ts'
import { RateLimits } from '../../../../../src/engine/acme/server/rate-limits.ts'
import type { AcmeParts, Posted } from '../../../../../src/engine/acme/server/request.ts'

function revoking() {
  const revoke = vi.fn<() => void>()
  let accountId = 'one'
  let hasPlace = true
  const issued = {
    findByFingerprint: () => ({ accountId, revokedAt: null }),
    canRevokeForAcme: () => hasPlace,
  }
  const parts = { vault: { issued }, revoke } as unknown as AcmeParts
  const limits = new RateLimits(() => 0)
  return {
    revoke,
    fill: () => (hasPlace = false),
    ask(account: string) {
      accountId = account
      const payload = new Map([['certificate', 'AAAA']])
      const posted = { signed: { account: { id: account }, payload } } as unknown as Posted
      return answerRevocation(parts, limits, posted)
    },
  }
}

test('an account revokes 100 certificates, then one each 36 seconds, and others are not held up', () => {
  const { ask, revoke } = revoking()
  for (let count = 0; count < 100; count += 1) expect(ask('one').status).toBe(200)
  const limited = { type: 'rateLimited', status: 429, more: { retryAfter: 36 } }
  expect(() => ask('one')).toThrow(expect.objectContaining(limited))
  expect(ask('two').status).toBe(200)
  expect(revoke).toHaveBeenCalledTimes(101)
})

test('a client is refused where revoked certificates take half of the budget, and told who can still revoke', () => {
  const { ask, fill, revoke } = revoking()
  fill()
  expect(() => ask('one')).toThrow('"edgekeep cert revoke" revokes this one')
  expect(revoke).not.toHaveBeenCalled()
})
