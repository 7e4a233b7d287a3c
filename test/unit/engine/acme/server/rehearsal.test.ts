import { expect, test } from 'vitest'
import { rehearsalPlanSchema, type RehearsedClient } from '../../../../../src/contract/acme/acme-rehearsal.ts'
import { RehearsedBehaviour } from '../../../../../src/engine/acme/server/rehearsal.ts'

const dayMs = 1000

/** Rehearsal of a hundred days of one second each, on a clock that the test sets. */
class Rehearsed {
  #nowMs = Date.parse('2026-11-26T12:00:00Z')
  readonly #behaviour = new RehearsedBehaviour(
    rehearsalPlanSchema.parse({ dayMs, days: 100, spells: [] }),
    () => new Date(this.#nowMs),
  )

  /** Time with a running engine. */
  pass(days: number): void {
    const end = this.#nowMs + days * dayMs
    while (this.#nowMs < end) {
      this.#nowMs = Math.min(end, this.#nowMs + 100)
      this.#behaviour.seen()
    }
  }

  /** Time with a suspended engine. */
  hold(days: number): void {
    this.#nowMs += days * dayMs
  }

  now(): Date {
    return new Date(this.#nowMs)
  }

  issue(orderedAt = this.now()): void {
    const notAfter = new Date(this.#nowMs + 45 * dayMs)
    const identifiers = [{ type: 'dns' as const, value: 'shop.test' }]
    const issued = { accountId: 'one', serial: String(this.#nowMs), replaces: undefined, identifiers }
    this.#behaviour.note({ what: 'issued', ...issued, orderedAt, notBefore: this.now(), notAfter })
  }

  client(): RehearsedClient | undefined {
    return this.#behaviour.report().clients[0]
  }
}

test('a rehearsal has certificates of 45 days and of 160 hours, the plan’s where an order names no profile', () => {
  const of = (profile: 'classic' | 'shortlived') =>
    new RehearsedBehaviour(rehearsalPlanSchema.parse({ dayMs, profile }), () => new Date())
  const lives = Object.fromEntries(
    [...of('classic').profiles].map(([name, { lifeMs }]) => [name, lifeMs / dayMs]),
  )
  expect(lives).toEqual({ classic: 45, tlsserver: 45, shortlived: 160 / 24 })
  expect([of('classic').defaultProfile, of('shortlived').defaultProfile]).toEqual(['classic', 'shortlived'])
})

test('a client that asked in time kept its certificate, however long this computer took to sign the next', () => {
  const rehearsed = new Rehearsed()
  rehearsed.issue()
  rehearsed.pass(40)
  const orderedAt = rehearsed.now()
  rehearsed.pass(15)
  rehearsed.issue(orderedAt)
  expect(rehearsed.client()).toMatchObject({ verdict: 'kept', uncoveredDays: 0, lapsedOnDay: null })
})

test('a client that asked too late did not', () => {
  const rehearsed = new Rehearsed()
  rehearsed.issue()
  rehearsed.pass(55)
  rehearsed.issue()
  expect(rehearsed.client()).toMatchObject({ verdict: 'gap', uncoveredDays: 10, lapsedOnDay: 45 })
})

test.each([
  ['before the engine runs again', 0],
  ['after it', 1],
])('days in which the engine did not run are no client’s fault: one that asks %s', (_when, later) => {
  const rehearsed = new Rehearsed()
  rehearsed.issue()
  rehearsed.pass(30)
  rehearsed.hold(20)
  rehearsed.pass(later)
  rehearsed.issue()
  expect(rehearsed.client()).toMatchObject({ verdict: 'kept', certificates: 2 })
})

test('a client that never comes back lapses also where the engine was held for a while', () => {
  const rehearsed = new Rehearsed()
  rehearsed.issue()
  rehearsed.pass(20)
  rehearsed.hold(10)
  rehearsed.pass(70)
  const { verdict, uncoveredDays } = rehearsed.client() ?? {}
  expect(verdict).toBe('lapsed')
  expect(uncoveredDays).toBeCloseTo(45, 0)
})
