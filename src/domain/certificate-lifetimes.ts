/**
 * How long a public certificate may live, by the day on which it is issued: ballot SC-081v3 of the CA/Browser
 * Forum (Baseline Requirements, section 6.3.2), as far as it is not over.
 */
export const publicLifetimeRules = [
  { from: '2026-03-15', days: 200 },
  { from: '2027-03-15', days: 100 },
  { from: '2029-03-15', days: 47 },
] as const

/** What Let's Encrypt issues where no profile is named ("From 90 to 45", 2 December 2025). */
export const letsEncryptLifetimes = [
  { from: '2027-02-10', days: 64 },
  { from: '2028-02-16', days: 45 },
] as const

/** What its profile `tlsserver` has issued since 13 May 2026. */
export const letsEncryptServerProfileDays = 45

/** Whose rules a certificate lives by. `private`: nobody's but those of who issued it. */
export type LifetimeAuthority = 'public' | 'lets-encrypt' | 'private'

/** From `from` on (a day, UTC) a new one lives `days` at most. */
export interface LifetimeStep {
  from: string
  days: number
}

/** The steps that bind certificates of an authority, in the order of their days. */
export function lifetimeSteps(authority: LifetimeAuthority, profile: string | null): readonly LifetimeStep[] {
  if (authority === 'private') return []
  const own = authority === 'lets-encrypt' && (profile === null || profile === 'classic')
  const steps = own ? [...publicLifetimeRules, ...letsEncryptLifetimes] : [...publicLifetimeRules]
  return steps.toSorted((a, b) => a.from.localeCompare(b.from))
}

/** The days that one lives which is issued at `time` (milliseconds since 1970), where it would live `days`. */
export function daysWhenIssued(days: number, time: number, steps: readonly LifetimeStep[]): number {
  return Math.min(days, ...steps.filter(({ from }) => Date.parse(from) <= time).map((step) => step.days))
}
