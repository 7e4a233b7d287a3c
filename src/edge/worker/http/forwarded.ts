import { hostInUrl } from '../../../domain/ip-address.ts'

/**
 * What an origin is told of where a request comes from (RFC 7239 and its elders), as header lines;
 * `host` is the one that the client named.
 */
export function forwardedLines(
  host: string,
  { secure, remoteAddress }: { secure: boolean; remoteAddress: string },
): string {
  const proto = secure ? 'https' : 'http'
  const address = hostInUrl(remoteAddress)
  // What has colons and brackets has to be quoted (RFC 7239, section 6).
  const node = address === remoteAddress ? address : `"${address}"`
  return (
    `x-forwarded-for: ${remoteAddress}\r\nx-forwarded-proto: ${proto}\r\nx-forwarded-host: ${host}\r\n` +
    `forwarded: for=${node};host="${host}";proto=${proto}\r\n`
  )
}
