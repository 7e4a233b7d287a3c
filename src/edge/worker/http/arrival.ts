import { hostInUrl } from '../../../domain/ip-address.ts'

/** Certificate that a client has shown in its TLS handshake. */
export interface ClientCertificate {
  state: 'verified' | 'none' | 'refused'
  /** OpenSSL's code if refused. */
  refusal: string | null
  /** Fingerprint of the anchors used for verification. */
  anchors: string
  lines: string
}

/** Source of a request. One object for each connection. */
export interface Arrival {
  secure: boolean
  /** Normalised server name of the TLS handshake; null over plain HTTP. */
  serverName: string | null
  remoteAddress: string
  /** Published address that the client connected to; null for a connection from this computer. */
  publishedAddress: string | null
  clientCertificate: ClientCertificate | null
  /** Cache of the last request's host, nearly always that of the next. */
  named?: NamedHost
}

export interface NamedHost {
  /** Host as the client wrote it, with its port. */
  host: string
  hostname: string
  forwardedLines: string
}

/** Null unless `host` is a host name or address with an optional port. */
export function namedHost(host: string, arrival: Arrival): NamedHost | null {
  if (arrival.named?.host === host) return arrival.named
  if (!isHost(host)) return null
  const hostname = normaliseHostname(host.replace(portPattern, ''))
  arrival.named = { host, hostname, forwardedLines: forwardedLines(host, arrival) }
  return arrival.named
}

export function isHost(text: string): boolean {
  return hostPattern.test(text)
}

/** Normal form for the look-up: lower case, without the root's final dot. */
export function normaliseHostname(hostname: string): string {
  const lower = hostname.toLowerCase()
  return lower.endsWith('.') ? lower.slice(0, -1) : lower
}

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

const hostPattern =
  /^(?:[A-Za-z0-9_](?:[A-Za-z0-9_.-]{0,253})|\[[0-9A-Fa-f:.]{2,45}\])(?::(?:[1-9]\d{0,3}|[1-5]\d{4}|6[0-4]\d{3}|65[0-4]\d{2}|655[0-2]\d|6553[0-5]))?$/
const portPattern = /:\d+$/
