import { parseUrl } from '../contract/text/parse-url.ts'

/**
 * Normal form of an IP address: IPv4 as four decimal numbers, IPv6 in the short form of RFC 5952. Undefined
 * for other text, also for an address with a zone (`%eth0`), which no certificate can have.
 */
export function canonicalIp(text: string): string | undefined {
  if (isIpv4(text)) return text
  if (!text.includes(':') || !/^[\da-f:.]+$/i.test(text)) return undefined
  return parseUrl(`http://[${text}]/`)?.hostname.slice(1, -1)
}

/** Rejects leading zeros, which make a number octal to some readers (RFC 6943, section 3.1.1). */
function isIpv4(text: string): boolean {
  const parts = /^\d{1,3}(?:\.\d{1,3}){3}$/.test(text) ? text.split('.') : []
  return parts.length === 4 && parts.every((part) => Number(part) <= 255 && String(Number(part)) === part)
}

/** Host in URL form: an IPv6 address gets brackets (RFC 3986, section 3.2.2). */
export function hostInUrl(host: string): string {
  return host.includes(':') ? `[${host}]` : host
}
