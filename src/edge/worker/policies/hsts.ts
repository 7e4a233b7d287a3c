import { isIP } from 'node:net'
import type { HstsPolicy } from '../../../contract/domains/hsts.ts'

/** Value of the field (RFC 6797, section 6.1), or null for no field. */
export function hstsValue({ days, includeSubDomains, preload }: HstsPolicy): string | null {
  if (days === null) return null
  return `max-age=${days * 86_400}${includeSubDomains ? '; includeSubDomains' : ''}${preload ? '; preload' : ''}`
}

/**
 * Replaces the origin's HSTS field by the domain's. Browsers ignore it over plain HTTP and for an IP address
 * (RFC 6797, sections 7.2 and 8.1.1), so it is left out there.
 */
export function withHsts(
  headers: string[],
  value: string | null,
  request: { secure: boolean; hostname: string },
): string[] {
  if (value === null || !request.secure || isIP(request.hostname.replace(/^\[|\]$/g, '')) !== 0)
    return headers
  const fields: string[] = []
  for (let at = 0; at < headers.length; at += 2) {
    if (headers[at]!.toLowerCase() !== 'strict-transport-security')
      fields.push(headers[at]!, headers[at + 1]!)
  }
  fields.push('strict-transport-security', value)
  return fields
}
