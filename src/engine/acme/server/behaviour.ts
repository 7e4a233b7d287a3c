import type { AcmeProblem, Identifier } from './problem.ts'
import { type LimitedOrder, type OrderLimits, RateLimits } from './rate-limits.ts'

const dayMs = 86_400_000

/** What clients can ask for by name (draft-ietf-acme-profiles), with how long a certificate lives. */
export interface Profile {
  description: string
  lifeMs: number
}

/** The names and lives are those of Let's Encrypt. */
const everydayProfiles: ReadonlyMap<string, Profile> = new Map([
  ['classic', { description: '90 days', lifeMs: 90 * dayMs }],
  ['tlsserver', { description: '45 days', lifeMs: 45 * dayMs }],
  ['shortlived', { description: '6 days (160 hours)', lifeMs: 160 * 3_600_000 }],
])
const defaultProfile = 'classic'

/** Something that a client did, or that was done to it. */
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

/** How the server behaves beside the protocol: as on any day, or as a rehearsal has it. */
export interface Behaviour {
  profiles: ReadonlyMap<string, Profile>
  defaultProfile: string
  /** What a request meets instead of its answer; null: nothing. */
  fault(): Fault | null
  /** Milliseconds between finalization and certificate. */
  finalizeMs(): number
  /** A certificate of that time should be renewed at once. */
  recalls(issuedAt: Date): boolean
  /** @throws `rateLimited` */
  admit(order: LimitedOrder): void
  admitAccount(): void
  /** In seconds: when to ask for renewal information again. */
  renewalInfoEverySeconds: number
  note(event: AcmeEvent): void
}

/**
 * Kinds and form of Let's Encrypt's limits, with larger numbers, since clients are tried out here. The limits on names
 * are of one account, so that no stranger uses up those of another; renewals count, since each makes a row.
 */
const everydayLimits: OrderLimits = {
  order: { most: 300, periodMs: dayMs / 8, what: 'orders of this account' },
  domain: { most: 300, periodMs: dayMs, what: 'certificates of this account for this domain' },
  exactSet: { most: 50, periodMs: dayMs, what: 'certificates of this account for exactly these names' },
}

export function everydayBehaviour(clock: () => Date): Behaviour {
  const limits = new RateLimits(clock)
  return {
    profiles: everydayProfiles,
    defaultProfile,
    fault: () => null,
    finalizeMs: () => 0,
    recalls: () => false,
    admit: (order) => limits.takeOrder(order, everydayLimits, order.accountId),
    // Accounts without a certificate give way instead.
    admitAccount: () => undefined,
    renewalInfoEverySeconds: 21_600,
    note: () => undefined,
  }
}
