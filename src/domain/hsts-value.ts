import type { HstsPolicy } from '../contract/domains/hsts.ts'

/** Value of the field (RFC 6797, section 6.1), or null for no field. */
export function hstsValue({ days, includeSubDomains, preload }: HstsPolicy): string | null {
  if (days === null) return null
  return `max-age=${days * 86_400}${includeSubDomains ? '; includeSubDomains' : ''}${preload ? '; preload' : ''}`
}
