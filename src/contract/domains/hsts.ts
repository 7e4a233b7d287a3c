import { z } from 'zod'
import { preloadedSuffix } from './preloaded-suffixes.ts'

/** HTTP Strict Transport Security (RFC 6797), on HTTPS responses only. */
export const hstsPolicySchema = z.strictObject({
  /** 730 at most. null: no header. 0: sends max-age=0. */
  days: z.number().int().min(0).max(730).nullable().default(null),
  includeSubDomains: z.boolean().default(false),
  /** Requests an entry in the browsers' preload list; only with 365 days or more and includeSubDomains. */
  preload: z.boolean().default(false),
})
export type HstsPolicy = z.infer<typeof hstsPolicySchema>

/** Minimum max-age of https://hstspreload.org ("Submission Requirements", read in November 2026). */
const preloadDays = 365

/** Returns the reason why this policy is invalid, or null. */
export function hstsFault({ days, includeSubDomains, preload }: HstsPolicy): string | null {
  if (!preload) return null
  if (days !== null && days >= preloadDays && includeSubDomains) return null
  return `the preload list takes only domains that say it for ${preloadDays} days or more and with includeSubDomains (hstspreload.org)`
}

/** Consequences of `hsts` to show before or while it is in effect. */
export type HstsNote =
  /** Browsers keep to the policy for this long, whatever is changed here in the meantime. */
  | { kind: 'remembered'; days: number }
  /** The policy covers the name on every port. */
  | { kind: 'other-ports' }
  /** The policy covers every name below it, also those served by other programs. */
  | { kind: 'sub-domains' }
  /** Additions to the preload list and removals from it take months. */
  | { kind: 'preload' }
  /** Browsers force HTTPS on every name under this suffix anyway. */
  | { kind: 'preloaded'; suffix: string }
  /** HTTPS is redirected to HTTP, and the browser goes back at once. */
  | { kind: 'loop' }

export function hstsNotes(domain: string, hsts: HstsPolicy, redirectMode: string): HstsNote[] {
  const { days, includeSubDomains, preload } = hsts
  const suffix = preloadedSuffix(domain)
  const notes: HstsNote[] = []
  if (days !== null && days > 0) {
    notes.push({ kind: 'remembered', days }, { kind: 'other-ports' })
    if (includeSubDomains) notes.push({ kind: 'sub-domains' })
    if (preload) notes.push({ kind: 'preload' })
  }
  if (suffix !== null) notes.push({ kind: 'preloaded', suffix })
  if (redirectMode === 'http' && (suffix !== null || (days ?? 0) > 0)) notes.push({ kind: 'loop' })
  return notes
}
