import { canonicalIp } from './ip-address.ts'

/** Octets of a name (RFC 1035, section 2.3.4), without the dot at its end. */
export const longestDomain = 253

/**
 * Describes the fault of a domain name as entered, completing "… is not a domain:". The window calls it
 * before it sends the name; the engine alone finds faults that need a conversion to A-labels.
 */
export function domainFault(name: string): string | undefined {
  if (name === '') return 'it is empty'
  // IDNA on much longer input is wasted work, and nothing this long can come out short enough.
  if (name.length > 4 * longestDomain) return `it is longer than ${longestDomain} characters`
  if (/^[a-z][a-z0-9+.-]*:\/\//i.test(name)) return 'it is a whole address; give the host name alone'
  if (canonicalIp(name.replace(/^\[(.*)\]$/, '$1')) !== undefined)
    return 'it is an IP address, for which a client sends no server name'
  if (/[/?#@\\]/.test(name)) return 'it has more than a host name in it; leave out paths and users'
  if (/:\d*$/.test(name)) return 'it has a port; the edge serves every domain on its own port'
  if (/\s/.test(name)) return 'it has a space in it'
  if (name === '*' || name === '*.') return 'a wildcard needs a domain beneath it'
  if (name.replace(/^\*\./, '').includes('*')) return 'a wildcard can only be the whole first label'
  if (name.includes('_')) return 'it has an underscore, which no public authority may certify'
  return undefined
}
