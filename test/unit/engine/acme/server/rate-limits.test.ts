import { describe, expect, test, vi } from 'vitest'
import { everydayBehaviour } from '../../../../../src/engine/acme/server/behaviour.ts'
import { AcmeProblem, type Identifier } from '../../../../../src/engine/acme/server/problem.ts'
import { RateLimits } from '../../../../../src/engine/acme/server/rate-limits.ts'

const limit = { most: 5, periodMs: 50_000, what: 'orders' }

function limited() {
  let now = Date.parse('2026-11-28T12:00:00Z')
  const limits = new RateLimits(() => now)
  return {
    pass: (ms: number) => (now += ms),
    take: (key: string) => limits.take([{ key, limit }]),
    both: (...keys: string[]) => limits.take(keys.map((key) => ({ key, limit }))),
  }
}

function refusal(act: () => void): AcmeProblem {
  try {
    act()
  } catch (error) {
    if (error instanceof AcmeProblem) return error
    throw error
  }
  throw new Error('It was not refused')
}

describe('a rate limit', () => {
  test('gives a burst, then one each part of its period, and says when', () => {
    const { pass, take } = limited()
    for (let count = 0; count < 5; count += 1) take('one')
    const { type, status, more } = refusal(() => take('one'))
    expect({ type, status, more }).toEqual({ type: 'rateLimited', status: 429, more: { retryAfter: 10 } })
    pass(10_000)
    take('one')
    pass(4_000)
    expect(refusal(() => take('one')).more.retryAfter).toBe(6)
    take('another')
    pass(50_000)
    for (let count = 0; count < 5; count += 1) take('one')
  })

  test('takes nothing of one bucket where another is empty', () => {
    const { take, both } = limited()
    for (let count = 0; count < 5; count += 1) take('empty')
    for (let count = 0; count < 10; count += 1) expect(() => both('full', 'empty')).toThrow(AcmeProblem)
    for (let count = 0; count < 5; count += 1) take('full')
  })

  test('fills from now on after the clock was set back', () => {
    const { pass, take } = limited()
    for (let count = 0; count < 5; count += 1) take('one')
    pass(-365 * 86_400_000)
    expect(refusal(() => take('one')).more.retryAfter).toBe(10)
    pass(10_000)
    take('one')
  })

  test('remembers a bounded number of keys, the latest used of them', () => {
    const { take } = limited()
    for (let count = 0; count < 5; count += 1) take('used')
    for (let count = 0; count < 9_999; count += 1) take(`other ${count}`)
    expect(() => take('used')).toThrow(AcmeProblem)
    for (let count = 0; count < 10_001; count += 1) take(`more ${count}`)
    take('used')
  })
})

describe('the ACME rate limits', () => {
  test('are refilled by uptime: a jump of the system time gives no new tokens', () => {
    const behaviour = everydayBehaviour()
    const same = { accountId: 'one', identifiers: [{ type: 'dns', value: 'a.test' } as const], renews: false }
    for (let count = 0; count < 50; count += 1) behaviour.admit(same)
    vi.setSystemTime(new Date('2099-01-01T00:00:00Z'))
    expect(() => behaviour.admit(same)).toThrow(AcmeProblem)
    vi.useRealTimers()
  })

  const order = (accountId: string, ...names: string[]) => ({
    accountId,
    identifiers: names.map((value): Identifier => ({ type: 'dns', value })),
    renews: false,
  })

  test('give an account 50 certificates for the same names, and do not count them for another', () => {
    const behaviour = everydayBehaviour(() => 0)
    for (let count = 0; count < 50; count += 1) behaviour.admit(order('one', 'a.test', 'b.test'))
    expect(refusal(() => behaviour.admit(order('one', 'b.test', 'a.test'))).message).toContain(
      'exactly these names (50)',
    )
    expect(() => behaviour.admit({ ...order('one', 'a.test', 'b.test'), renews: true })).toThrow(AcmeProblem)
    behaviour.admit(order('two', 'a.test', 'b.test'))
    behaviour.admit(order('one', 'a.test'))
  })

  test('give an account 300 orders, then one each 36 seconds', () => {
    const behaviour = everydayBehaviour(() => 0)
    for (let count = 0; count < 300; count += 1)
      behaviour.admit(order('one', `n${count}.example-${count}.test`))
    const { message, more } = refusal(() => behaviour.admit(order('one', 'another.name.test')))
    expect(message).toContain('orders of this account (300)')
    expect(more.retryAfter).toBe(36)
    behaviour.admit(order('two', 'another.name.test'))
  })
})
