import { hostInUrl } from '../../../domain/ip-address.ts'

/**
 * Header lines for the origin with the source of a request (RFC 7239 and the older X-Forwarded fields);
 * `host` is the one that the client named.
 */
export function forwardedLines(
  host: string,
  { secure, remoteAddress }: { secure: boolean; remoteAddress: string },
): string {
  const proto = secure ? 'https' : 'http'
  const address = hostInUrl(remoteAddress)
  // Addresses with colons or brackets are quoted (RFC 7239, section 6).
  const node = address === remoteAddress ? address : `"${address}"`
  return (
    `x-forwarded-for: ${remoteAddress}\r\nx-forwarded-proto: ${proto}\r\nx-forwarded-host: ${host}\r\n` +
    `forwarded: for=${node};host="${host}";proto=${proto}\r\n`
  )
}
