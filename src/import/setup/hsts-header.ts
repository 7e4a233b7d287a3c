import { type HstsPolicy, hstsFault } from '../../contract/domains/hsts.ts'

const daySeconds = 86_400

/** Parses a field value (RFC 6797, section 6.1); null if it cannot be expressed in days. */
export function hstsFromHeader(value: string): HstsPolicy | null {
  const parts = value.split(';').map((part) => part.trim().toLowerCase())
  const seconds = parts
    .map((part) => /^max-age="?(\d{1,10})"?$/.exec(part)?.[1])
    .find((digits) => digits !== undefined)
  if (seconds === undefined) return null
  const days = Math.min(Math.floor(Number(seconds) / daySeconds), 730)
  const policy = {
    days: Number(seconds) === 0 ? 0 : Math.max(days, 1),
    includeSubDomains: parts.includes('includesubdomains'),
    preload: parts.includes('preload'),
  }
  return hstsFault(policy) === null ? policy : { ...policy, preload: false }
}
