import { applicationFieldName } from '../../../contract/text/field-name.ts'
import { ListedFields, type Fields } from './fields.ts'

/**
 * Roles of header fields for a gateway (RFC 9110, section 7.6.1; RFC 9112; RFC 7239). `drop`: hop-by-hop, or a
 * statement about the client that only the edge may make.
 */
const roles = {
  te: 'te',
  via: 'via',
  host: 'host',
  // A CGI program finds it as HTTP_PROXY and sends its own requests there (CVE-2016-5385).
  proxy: 'drop',
  expect: 'expect',
  accept: 'accept',
  cookie: 'cookie',
  upgrade: 'upgrade',
  forwarded: 'drop',
  'x-real-ip': 'drop',
  connection: 'connection',
  'keep-alive': 'drop',
  'client-cert': 'drop',
  authorization: 'authorization',
  'content-length': 'content-length',
  'http2-settings': 'drop',
  'proxy-connection': 'drop',
  'transfer-encoding': 'transfer-encoding',
  'client-cert-chain': 'drop',
  'proxy-authorization': 'drop',
} as const

export type FieldKind = 'pass' | (typeof roles)[keyof typeof roles]

/** Names by length: the many fields that are passed on cost a look-up, and few comparisons. */
export function byLength<Name extends string>(names: readonly Name[]): readonly (readonly Name[])[] {
  const longest = Math.max(...names.map((name) => name.length))
  return Array.from({ length: longest + 1 }, (_, length) => names.filter((name) => name.length === length))
}

const namedRoles = byLength(Object.keys(roles) as (keyof typeof roles)[])

/** Drops look-alikes of special fields: they frame nothing, and no application may read them as those. */
export function requestFieldKind(fields: Fields, at: number): FieldKind {
  const name = resembledName(namedRoles, fields, at)
  if (name === null) return isStatement(fields, at) ? 'drop' : 'pass'
  const isFraming = name === 'content-length' || name === 'transfer-encoding'
  return isFraming && !fields.isNamed(at, name) ? 'drop' : roles[name]
}

/** The one of `names` that an application may read the field as; null for none. */
export function resembledName<Name extends string>(
  names: readonly (readonly Name[])[],
  fields: Fields,
  at: number,
): Name | null {
  const alike = names[fields.nameLength(at)]
  if (alike === undefined) return null
  for (let next = 0; next < alike.length; next += 1) {
    if (fields.resembles(at, alike[next]!)) return alike[next]!
  }
  return null
}

/** Fields of framing, routing or sender, forbidden as trailers (RFC 9110, section 6.5.1). */
const neverTrailers = new Set(
  (
    'transfer-encoding content-length host trailer te connection keep-alive upgrade proxy proxy-connection http2-settings ' +
    'content-encoding content-type content-range authorization proxy-authorization proxy-authenticate ' +
    'set-cookie cookie cache-control expect max-forwards range if-match if-none-match forwarded via x-real-ip client-cert client-cert-chain'
  ).split(' '),
)

export function passableTrailers(trailers: string[]): string[] {
  const passed: string[] = []
  for (let at = 0; at < trailers.length; at += 2) {
    const seen = applicationFieldName(trailers[at]!)
    if (!neverTrailers.has(seen) && !isStatement(new ListedFields([seen, '']), 0))
      passed.push(trailers[at]!.toLowerCase(), trailers[at + 1]!.trim())
  }
  return passed
}

/** Names that Connection nominates besides its options, as applications see them; null for usual values. */
export function nominatedFields(connection: string): Set<string> | null {
  if (connection === '' || connection === 'keep-alive' || connection === 'close') return null
  const names = connection
    .toLowerCase()
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '' && !connectionOptions.has(name))
  return names.length > 0 ? new Set(names.map(applicationFieldName)) : null
}

const connectionOptions = new Set(['keep-alive', 'close', 'upgrade', 'te'])

/** Whether a comma-separated list has `token`, which is in lower case. */
export function hasToken(list: string, token: string): boolean {
  return list
    .toLowerCase()
    .split(',')
    .some((item) => item.trim() === token)
}

const shortestStatement = 'x-forwarded-'.length

/** Statements that only the edge makes: the source of a request and its certificate. */
function isStatement(fields: Fields, at: number): boolean {
  if (fields.nameLength(at) < shortestStatement) return false
  return fields.resemblesStart(at, 'x-forwarded-') || fields.resemblesStart(at, 'x-client-cert-')
}

/**
 * Whether an Authorization field authenticates the connection instead of the request, against RFC 9110,
 * section 11: NTLM, or Negotiate (RFC 4559, section 6). The sender of the next request on such a connection
 * would inherit the login.
 */
export function bindsConnection(credentials: string): boolean {
  return credentialsPattern.test(credentials)
}

/** Whether an origin offers such a scheme; one field may name several. */
export function asksToBindConnection(status: number, headers: Fields): boolean {
  if (status !== 401) return false
  for (let at = 0; at < headers.count; at += 1) {
    if (headers.isNamed(at, 'www-authenticate') && challengePattern.test(headers.value(at))) return true
  }
  return false
}

const credentialsPattern = /^[\t ]{0,8}(?:ntlm|negotiate|kerberos)(?:[\t ,]|$)/i
const challengePattern = /(?:^|[\t ,])(?:ntlm|negotiate|kerberos)(?:[\t ,]|$)/i
