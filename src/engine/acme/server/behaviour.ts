import type { AcmeProblem, Identifier } from './problem.ts'
import { type LimitedOrder, type OrderLimits, RateLimits } from './rate-limits.ts'

const dayMs = 86_400_000

/** Certificate profile that a client requests by name (draft-ietf-acme-profiles), with its lifetime. */
export interface Profile {
  description: string
  lifeMs: number
}

/** Names and lifetimes as at Let's Encrypt. */
const everydayProfiles: ReadonlyMap<string, Profile> = new Map([
  ['classic', { description: '90 days', lifeMs: 90 * dayMs }],
  ['tlsserver', { description: '45 days', lifeMs: 45 * dayMs }],
  ['shortlived', { description: '6 days (160 hours)', lifeMs: 160 * 3_600_000 }],
])
const defaultProfile = 'classic'

export type AcmeEvent =
  | { what: 'request'; accountId: string | null; userAgent: string }
  | { what: 'refused'; accountId: string | null; fault: Fault | 'limit' }
  | { what: 'renewal-info'; serial: string }
  | { what: 'failed'; accountId: string; identifiers: Identifier[]; problem: AcmeProblem }
  | {
      what: 'issued'
      accountId: string
      identifiers: Identifier[]
      serial: string
      orderedAt: Date
      notBefore: Date
      notAfter: Date
      replaces: string | undefined
    }

export type Fault = 'unavailable' | 'bad-nonce'

/** Server behavior beside the protocol: the everyday one or that of a rehearsal. */
export interface Behaviour {
  profiles: ReadonlyMap<string, Profile>
  defaultProfile: string
  /** Fault that replaces the answer to a request; null for none. */
  fault(): Fault | null
  /** Delay between finalization and certificate. */
  finalizeMs(): number
  /** Certificates issued at that time are to be renewed at once. */
  recalls(issuedAt: Date): boolean
  /** @throws `rateLimited` */
  admit(order: LimitedOrder): void
  admitAccount(): void
  /** Interval for polling renewal information. */
  renewalInfoEverySeconds: number
  note(event: AcmeEvent): void
}

/**
 * Limits of the kinds and form of Let's Encrypt's, but larger, since clients are tested here. Limits on names
 * are per account, so that no client uses up those of another. Renewals count, since each adds a row.
 */
const everydayLimits: OrderLimits = {
  order: { most: 300, periodMs: dayMs / 8, what: 'orders of this account' },
  domain: { most: 300, periodMs: dayMs, what: 'certificates of this account for this domain' },
  exactSet: { most: 50, periodMs: dayMs, what: 'certificates of this account for exactly these names' },
}

export function everydayBehaviour(uptime?: () => number): Behaviour {
  const limits = new RateLimits(uptime)
  return {
    profiles: everydayProfiles,
    defaultProfile,
    fault: () => null,
    finalizeMs: () => 0,
    recalls: () => false,
    admit: (order) => limits.takeOrder(order, everydayLimits, order.accountId),
    // Accounts without a certificate are evicted instead.
    admitAccount: () => undefined,
    renewalInfoEverySeconds: 21_600,
    note: () => undefined,
  }
}
