import { randomInt } from 'node:crypto'
import type { Rehearsal, RehearsalPlan } from '../../../contract/acme/acme-rehearsal.ts'
import { type AcmeEvent, type Behaviour, type Fault, type Profile, everydayBehaviour } from './behaviour.ts'
import { SuspendedTime, seenEveryMs } from './suspended-time.ts'
import { type OrderLimits, type RateLimit, RateLimits } from './rate-limits.ts'
import { Lineages } from './rehearsal-report.ts'
import { createTopic } from '../../core/live.ts'

const slowestFinalizeMs = 2000
/** During a storm, one of this many requests succeeds. */
const throughStorm = 3

/**
 * A year with Let's Encrypt in minutes: every duration is divided, so that clients see certificates that live
 * for seconds by this computer's clock. Limits, outages and recalls follow the plan, and the report has each
 * client's reaction.
 */
export class RehearsedBehaviour implements Behaviour {
  readonly defaultProfile: string
  readonly profiles: ReadonlyMap<string, Profile>
  readonly renewalInfoEverySeconds: number
  readonly #plan: RehearsalPlan
  readonly #clock: () => Date
  readonly #startedAt: Date
  readonly #lineages: Lineages
  readonly #limits: RateLimits
  readonly #suspended: SuspendedTime

  constructor(plan: RehearsalPlan, clock: () => Date) {
    const { dayMs, profile } = plan
    this.#plan = plan
    this.#clock = clock
    this.#startedAt = clock()
    this.#lineages = new Lineages({ dayMs, startedAt: this.#startedAt })
    this.#limits = new RateLimits(() => clock().getTime())
    this.#suspended = new SuspendedTime(clock)
    this.defaultProfile = profile
    this.profiles = new Map([
      ['classic', { description: '45 days', lifeMs: 45 * dayMs }],
      ['tlsserver', { description: '45 days', lifeMs: 45 * dayMs }],
      ['shortlived', { description: '160 hours', lifeMs: (160 / 24) * dayMs }],
    ])
    this.renewalInfoEverySeconds = Math.max(1, Math.round(dayMs / 4000))
  }

  /** Elapsed days with fractions. */
  day(): number {
    return (this.#clock().getTime() - this.#startedAt.getTime()) / this.#plan.dayMs
  }

  fault(): Fault | null {
    if (this.#isNow('unavailable')) return 'unavailable'
    return this.#isNow('bad-nonce') && randomInt(throughStorm) !== 0 ? 'bad-nonce' : null
  }

  finalizeMs(): number {
    return this.#isNow('slow') ? Math.max(slowestFinalizeMs, this.#plan.dayMs / 4) : 0
  }

  /** True for certificates issued before the recall began. */
  recalls(issuedAt: Date): boolean {
    const day = this.day()
    const issuedOn = (issuedAt.getTime() - this.#startedAt.getTime()) / this.#plan.dayMs
    return this.#plan.spells.some(({ what, from }) => what === 'recall' && from <= day && issuedOn < from)
  }

  admit(order: Parameters<Behaviour['admit']>[0]): void {
    // An ARI replacement is exempt (RFC 9773, section 5).
    if (!this.#plan.limits || order.renews) return
    this.#limits.takeOrder(order, limitsOf(this.#plan.dayMs), 'everybody')
  }

  admitAccount(): void {
    if (this.#plan.limits) this.#limits.take([{ key: 'account', limit: limitsOf(this.#plan.dayMs).account }])
  }

  note(event: AcmeEvent): void {
    this.#lineages.note(event, { at: this.#clock(), suspendedMs: this.#suspended.totalMs() })
  }

  /** Called every `seenEveryMs`: suspended time does not count against clients. */
  seen(): void {
    this.#suspended.seen()
  }

  report(): Rehearsal {
    const { days } = this.#plan
    const day = Math.min(this.day(), days)
    const endsAt = new Date(this.#startedAt.getTime() + days * this.#plan.dayMs)
    const now = this.#clock()
    return {
      plan: this.#plan,
      startedAt: this.#startedAt.toISOString(),
      day,
      ended: this.day() >= days,
      clients: this.#lineages.report({
        at: now < endsAt ? now : endsAt,
        suspendedMs: this.#suspended.totalMs(),
      }),
    }
  }

  #isNow(wanted: RehearsalPlan['spells'][number]['what']): boolean {
    const day = this.day()
    return this.#plan.spells.some(({ what, from, to }) => what === wanted && from <= day && day < to)
  }
}

/** Let's Encrypt's documented limits. */
function limitsOf(dayMs: number): OrderLimits & { account: RateLimit } {
  return {
    account: { most: 10, periodMs: dayMs / 8, what: 'new accounts' },
    order: { most: 300, periodMs: dayMs / 8, what: 'orders of this account' },
    domain: { most: 50, periodMs: 7 * dayMs, what: 'certificates for this registered domain' },
    exactSet: { most: 5, periodMs: 7 * dayMs, what: 'certificates for exactly these names' },
  }
}

/** Publish interval while a rehearsal runs: time passes without an event. */
const publishEveryMs = 500

/** One rehearsal at a time, with the report of the last one. */
export function createRehearsals(clock: () => Date) {
  const everyday = everydayBehaviour()
  let running: RehearsedBehaviour | null = null
  let last: Rehearsal | null = null
  let ends: NodeJS.Timeout | undefined
  let publishTimer: NodeJS.Timeout | undefined
  let sees: NodeJS.Timeout | undefined
  const changes = createTopic<object>()
  const report = () => running?.report() ?? last

  /** At its natural end the last day is over, even where the timer was early by the clock. */
  function end(final: Partial<Rehearsal> = {}): Rehearsal | null {
    clearTimeout(ends)
    clearInterval(publishTimer)
    clearInterval(sees)
    last = running ? { ...running.report(), ...final, ended: true } : last
    running = null
    changes.publish({})
    return last
  }

  return {
    behaviour: () => running ?? everyday,
    /** Replaces a running rehearsal. */
    start(plan: RehearsalPlan) {
      end()
      running = new RehearsedBehaviour(plan, clock)
      ends = setTimeout(() => end({ day: plan.days }), plan.days * plan.dayMs).unref()
      sees = setInterval(() => running?.seen(), seenEveryMs).unref()
      publishTimer = setInterval(() => changes.publish({}), publishEveryMs).unref()
      changes.publish({})
      return running.report()
    },
    report,
    stop: () => end(),
    /** Yields the present state, then each change until `signal` aborts. */
    async *watch(signal: AbortSignal | undefined) {
      const changed = changes.subscribe(signal)
      try {
        yield report()
        // A slow subscriber skips reports: each is complete.
        while (!(await changed.next()).done) yield report()
      } finally {
        await changed.return(undefined)
      }
    },
  }
}
