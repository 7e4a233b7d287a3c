import { AcmeProblem, type Identifier } from './problem.ts'

/** Limits of Let's Encrypt as its documentation has them: how many in how many days. */
const limits = {
  account: { most: 10, days: 1 / 8, what: 'new accounts' },
  order: { most: 300, days: 1 / 8, what: 'orders of this account' },
  domain: { most: 50, days: 7, what: 'certificates for this registered domain' },
  exactSet: { most: 5, days: 7, what: 'certificates for exactly these names' },
} as const
const mostKeys = 10_000

/** Counts in windows that slide; an order that replaces a certificate by ARI is exempt (RFC 9773, section 5). */
export class RehearsalLimits {
  readonly #at = new Map<string, number[]>()
  readonly #sets = new Set<string>()
  readonly #dayMs: number
  readonly #clock: () => Date

  constructor(dayMs: number, clock: () => Date) {
    this.#dayMs = dayMs
    this.#clock = clock
  }

  admitAccount(): void {
    this.#count('account', '')
  }

  admit(order: { accountId: string; identifiers: readonly Identifier[]; renews: boolean }): void {
    if (order.renews) return
    const set = order.identifiers
      .map(({ value }) => value)
      .toSorted()
      .join(' ')
    this.#count('order', order.accountId)
    this.#count('exactSet', set)
    // The same names again are a renewal, which the limit on domains does not count.
    if (this.#sets.has(set)) return
    for (const domain of new Set(order.identifiers.map(registeredDomain))) this.#count('domain', domain)
    if (this.#sets.size < mostKeys) this.#sets.add(set)
  }

  #count(kind: keyof typeof limits, of: string): void {
    const { most, days, what } = limits[kind]
    const key = `${kind} ${of}`
    const now = this.#clock().getTime()
    const since = now - days * this.#dayMs
    const times = (this.#at.get(key) ?? []).filter((time) => time > since)
    if (times.length >= most) {
      const waitMs = (times[0] ?? now) - since
      const detail = `Too many ${what} (${most}) in the last ${days >= 1 ? `${days} days` : '3 hours'} of the rehearsal.`
      throw new AcmeProblem('rateLimited', detail, { retryAfter: Math.max(1, Math.ceil(waitMs / 1000)) })
    }
    if (this.#at.size < mostKeys || this.#at.has(key)) this.#at.set(key, [...times, now])
  }
}

/** The last two labels: names here are local, and have no public suffix. */
function registeredDomain({ type, value }: Identifier): string {
  return type === 'ip' ? value : value.split('.').slice(-2).join('.')
}
