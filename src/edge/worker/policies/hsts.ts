import { isIP } from 'node:net'
import type { HstsPolicy } from '../../../contract/hsts.ts'

/** The field's value (RFC 6797, section 6.1), or null where nothing is to be said. */
export function hstsValue({ days, includeSubDomains, preload }: HstsPolicy): string | null {
  if (days === null) return null
  return `max-age=${days * 86_400}${includeSubDomains ? '; includeSubDomains' : ''}${preload ? '; preload' : ''}`
}

/**
 * The fields of a response or of a page of ours with ours in place of what the origin says. Over plain HTTP and for an IP
 * address neither counts (RFC 6797, sections 7.2 and 8.1.1), so ours is left out there.
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
