import { compareTimes } from './compare.ts'

/**
 * Maximum lifetime of a public certificate by its day of issue: ballot SC-081v3 of the CA/Browser Forum
 * (Baseline Requirements, section 6.3.2), without the steps that are over.
 */
export const publicLifetimeRules = [
  { from: '2026-03-15', days: 200 },
  { from: '2027-03-15', days: 100 },
  { from: '2029-03-15', days: 47 },
] as const

/** Reuse of a domain validation, by the day of issue (SC-081v3; Baseline Requirements, section 4.2.1). */
export const validationReuseRules = [
  { from: '2026-03-15', days: 200 },
  { from: '2027-03-15', days: 100 },
  { from: '2029-03-15', days: 10 },
] as const

/** Days on which validation by telephone and by e-mail ends (ballot SC-090). */
export const validationEnds = { phone: '2027-03-15', email: '2028-03-15' } as const

/** Lifetime of Let's Encrypt certificates without a named profile ("From 90 to 45", 2 December 2025). */
export const letsEncryptLifetimes = [
  { from: '2027-02-10', days: 64 },
  { from: '2028-02-16', days: 45 },
] as const

/** Lifetime of Let's Encrypt's profile `tlsserver` since 13 May 2026. */
export const letsEncryptServerProfileDays = 45

/** Rules for the lifetime of a certificate. `private`: only those of its issuer. */
export type LifetimeAuthority = 'public' | 'lets-encrypt' | 'private'

/** New certificates from `from` on (a day, UTC) live `days` at most. */
export interface LifetimeStep {
  from: string
  days: number
}

/** Returns the steps that bind an authority's certificates, in the order of their days. */
export function lifetimeSteps(authority: LifetimeAuthority, profile: string | null): readonly LifetimeStep[] {
  if (authority === 'private') return []
  const own = authority === 'lets-encrypt' && (profile === null || profile === 'classic')
  const steps = own ? [...publicLifetimeRules, ...letsEncryptLifetimes] : [...publicLifetimeRules]
  return steps.toSorted((a, b) => compareTimes(a.from, b.from))
}

/** Lifetime in days of a certificate issued at `time` (milliseconds since 1970) whose default is `days`. */
export function daysWhenIssued(days: number, time: number, steps: readonly LifetimeStep[]): number {
  return Math.min(days, ...steps.filter(({ from }) => Date.parse(from) <= time).map((step) => step.days))
}
