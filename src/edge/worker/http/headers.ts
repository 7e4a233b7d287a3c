import { applicationFieldName } from '../../../contract/text/field-name.ts'
import { ListedFields, type Fields } from './fields.ts'

/**
 * Role of a header field for a gateway (RFC 9110, section 7.6.1; RFC 9112; RFC 7239). The switch on length
 * makes the many fields that are passed on cost one comparison.
 */
export type FieldKind =
  | 'pass'
  | 'host'
  | 'content-length'
  | 'transfer-encoding'
  | 'connection'
  | 'upgrade'
  | 'expect'
  | 'te'
  | 'via'
  | 'accept'
  | 'authorization'
  | 'cookie'
  /** Hop-by-hop, or a statement about the client that only the edge may make. */
  | 'drop'

/** Drops look-alikes of special fields: they frame nothing, and no application may read them as those. */
export function requestFieldKind(fields: Fields, at: number): FieldKind {
  const kind = resembledKind(fields, at)
  const isFraming = kind === 'content-length' || kind === 'transfer-encoding'
  return isFraming && !fields.isNamed(at, kind) ? 'drop' : kind
}

function resembledKind(fields: Fields, at: number): FieldKind {
  const kind = namedKind(fields, at)
  return kind === 'pass' && isStatement(fields, at) ? 'drop' : kind
}

/** Classifies an exact name; `isStatement` judges names by their prefix, whatever their length. */
function namedKind(fields: Fields, at: number): FieldKind {
  switch (fields.nameLength(at)) {
    case 2:
      return fields.resembles(at, 'te') ? 'te' : 'pass'
    case 3:
      return fields.resembles(at, 'via') ? 'via' : 'pass'
    case 4:
      return fields.resembles(at, 'host') ? 'host' : 'pass'
    case 5:
      // A CGI program finds it as HTTP_PROXY and sends its own requests there (CVE-2016-5385).
      return fields.resembles(at, 'proxy') ? 'drop' : 'pass'
    case 6:
      return fields.resembles(at, 'expect')
        ? 'expect'
        : fields.resembles(at, 'accept')
          ? 'accept'
          : fields.resembles(at, 'cookie')
            ? 'cookie'
            : 'pass'
    case 7:
      return fields.resembles(at, 'upgrade') ? 'upgrade' : 'pass'
    case 9:
      return fields.resembles(at, 'forwarded') || fields.resembles(at, 'x-real-ip') ? 'drop' : 'pass'
    case 10:
      return fields.resembles(at, 'connection')
        ? 'connection'
        : fields.resembles(at, 'keep-alive')
          ? 'drop'
          : 'pass'
    case 11:
      return fields.resembles(at, 'client-cert') ? 'drop' : 'pass'
    case 13:
      return fields.resembles(at, 'authorization') ? 'authorization' : 'pass'
    case 14:
      return fields.resembles(at, 'content-length')
        ? 'content-length'
        : fields.resembles(at, 'http2-settings')
          ? 'drop'
          : 'pass'
    case 16:
      return fields.resembles(at, 'proxy-connection') ? 'drop' : 'pass'
    case 17:
      return fields.resembles(at, 'transfer-encoding')
        ? 'transfer-encoding'
        : fields.resembles(at, 'client-cert-chain')
          ? 'drop'
          : 'pass'
    case 19:
      return fields.resembles(at, 'proxy-authorization') ? 'drop' : 'pass'
    default:
      return 'pass'
  }
}

/** Fields of framing, routing or sender, forbidden as trailers (RFC 9110, section 6.5.1). */
const neverTrailers = new Set(
  (
    'transfer-encoding content-length host trailer te connection keep-alive upgrade proxy proxy-connection http2-settings ' +
    'content-encoding content-type content-range authorization proxy-authorization proxy-authenticate ' +
    'set-cookie cookie cache-control expect max-forwards range if-match if-none-match forwarded via x-real-ip client-cert client-cert-chain'
  ).split(' '),
)

/** Filters trailers that may be passed on, names in lower case. */
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
