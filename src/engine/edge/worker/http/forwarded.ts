/**
 * What an origin is told of where a request comes from (RFC 7239 and its elders), as header lines;
 * `host` is the one that the client named.
 */
export function forwardedLines(
  host: string,
  { secure, remoteAddress }: { secure: boolean; remoteAddress: string },
): string {
  const proto = secure ? 'https' : 'http'
  const node = remoteAddress.includes(':') ? `"[${remoteAddress}]"` : remoteAddress
  return (
    `x-forwarded-for: ${remoteAddress}\r\nx-forwarded-proto: ${proto}\r\nx-forwarded-host: ${host}\r\n` +
    `forwarded: for=${node};host="${host}";proto=${proto}\r\n`
  )
}
