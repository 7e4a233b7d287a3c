import { expect, test } from 'vitest'
import { isDue, newRenewalState, plannedAt } from '../../../../src/engine/renewal-schedule/renewal-state.ts'

const hourMs = 3_600_000
const dayMs = 24 * hourMs
const start = Date.parse('2026-11-26T12:00:00Z')
const at = (ms: number) => new Date(start + ms)

type Renewal = Parameters<typeof isDue>[1]

/** An ACME certificate that a renewal made now, valid from `fromMs` for 90 days. */
function renewedNow(fromMs: number, window: Renewal['state']['window']) {
  const row = {
    id: 'one',
    notBefore: at(fromMs).toISOString(),
    notAfter: at(fromMs + 90 * dayMs).toISOString(),
  }
  const lastAttempt = { at: at(0).toISOString(), ok: true, code: null, summary: '' }
  const method = { by: 'acme', keyType: 'p256', challenge: 'http-01' } as unknown as Renewal['method']
  return {
    row: row as Parameters<typeof isDue>[0],
    renewal: { method, state: { ...newRenewalState(), lastAttempt, window } },
  }
}

/** Orders in a week of looks each minute by an authority whose every certificate is due at once. */
function ordersInAWeek(fromMs: number, window: Renewal['state']['window']): number {
  let orders = 0
  for (let now = 0, made = 0; now < 7 * dayMs; now += 60_000) {
    const { row, renewal } = renewedNow(fromMs, window)
    const planned = plannedAt(row, renewal, at(0)).getTime() - start
    if (now - made < planned) continue
    orders += 1
    made = now
  }
  return orders
}

const past = {
  start: at(-2 * dayMs).toISOString(),
  end: at(-dayMs).toISOString(),
  askAgainAt: at(0).toISOString(),
  explanationUrl: null,
}

test('an authority whose windows are always past has four certificates a day ordered, not one a minute', () => {
  expect(ordersInAWeek(0, past)).toBeLessThanOrEqual(7 * 4)
})

test('certificates that are old at once, or a clock that is ahead, cost no more orders than failures do', () => {
  expect(ordersInAWeek(-80 * dayMs, null)).toBeLessThanOrEqual(4)
})

test('an attempt under a clock that was ahead postpones nothing', () => {
  const { row, renewal } = renewedNow(-80 * dayMs, null)
  expect(isDue(row, renewal, at(-hourMs))).toBe(true)
})

test('an emergency hours after a renewal is not held back by it', () => {
  const { row, renewal } = renewedNow(0, past)
  expect(isDue(row, renewal, at(5 * hourMs))).toBe(false)
  expect(isDue(row, renewal, at(6 * hourMs))).toBe(true)
})
