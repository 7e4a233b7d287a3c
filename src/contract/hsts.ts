import { z } from 'zod'
import { preloadedSuffix } from './preloaded-suffixes.ts'

/** HTTP Strict Transport Security (RFC 6797), said on HTTPS answers only. */
export const hstsPolicySchema = z.strictObject({
  /** 730 at most. Null says nothing; 0 tells browsers to forget what they were told before. */
  days: z.number().int().min(0).max(730).nullable().default(null),
  includeSubDomains: z.boolean().default(false),
  /** Asks for a place on the list that browsers ship; only with 365 days or more and includeSubDomains. */
  preload: z.boolean().default(false),
})
export type HstsPolicy = z.infer<typeof hstsPolicySchema>

/** What https://hstspreload.org asks of a domain (its "Submission Requirements", read in November 2026). */
const preloadDays = 365

/** Why this cannot be set, or null. */
export function hstsFault({ days, includeSubDomains, preload }: HstsPolicy): string | null {
  if (!preload) return null
  if (days !== null && days >= preloadDays && includeSubDomains) return null
  return `the preload list takes only domains that say it for ${preloadDays} days or more and with includeSubDomains (hstspreload.org)`
}

/** What is to be known before or while `hsts` is in effect. */
export type HstsNote =
  /** Browsers keep to it for so long, whatever is changed here in the meantime. */
  | { kind: 'remembered'; days: number }
  /** It holds for the name, so for every other port on it as well. */
  | { kind: 'other-ports' }
  /** And for every name below it, also those that other programs serve. */
  | { kind: 'sub-domains' }
  /** A place on the list that browsers ship takes months to get and months to lose. */
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
