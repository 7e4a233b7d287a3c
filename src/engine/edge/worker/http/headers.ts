import { ListedFields, type Fields } from './fields.ts'

/**
 * What each header field is to a gateway (RFC 9110, section 7.6.1; RFC 9112; RFC 7239). The switch on
 * length lets the many fields that are passed on cost one comparison.
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
  /** Hop-by-hop, or a statement about the client that only we may make. */
  | 'drop'

export function requestFieldKind(fields: Fields, at: number): FieldKind {
  // Applications that see headers as CGI variables cannot tell "_" from "-": a look-alike of a field
  // that means something here is not passed on to mean it there.
  if (!fields.hasUnderscore(at)) return kindByLength(fields, at)
  const dashed = new ListedFields([fields.name(at).replaceAll('_', '-'), ''])
  return kindByLength(dashed, 0) === 'pass' ? 'pass' : 'drop'
}

function kindByLength(fields: Fields, at: number): FieldKind {
  const kind = namedKind(fields, at)
  return kind === 'pass' && isStatement(fields, at) ? 'drop' : kind
}

/** Of the fields that have one name; those that begin alike, whatever their length, are told by `isStatement`. */
function namedKind(fields: Fields, at: number): FieldKind {
  switch (fields.nameLength(at)) {
    case 2:
      return fields.isNamed(at, 'te') ? 'te' : 'pass'
    case 3:
      return fields.isNamed(at, 'via') ? 'via' : 'pass'
    case 4:
      return fields.isNamed(at, 'host') ? 'host' : 'pass'
    case 6:
      return fields.isNamed(at, 'expect')
        ? 'expect'
        : fields.isNamed(at, 'accept')
          ? 'accept'
          : fields.isNamed(at, 'cookie')
            ? 'cookie'
            : 'pass'
    case 7:
      return fields.isNamed(at, 'upgrade') ? 'upgrade' : 'pass'
    case 9:
      return fields.isNamed(at, 'forwarded') || fields.isNamed(at, 'x-real-ip') ? 'drop' : 'pass'
    case 10:
      return fields.isNamed(at, 'connection')
        ? 'connection'
        : fields.isNamed(at, 'keep-alive')
          ? 'drop'
          : 'pass'
    case 11:
      return fields.isNamed(at, 'client-cert') ? 'drop' : 'pass'
    case 13:
      return fields.isNamed(at, 'authorization') ? 'authorization' : 'pass'
    case 14:
      return fields.isNamed(at, 'content-length')
        ? 'content-length'
        : fields.isNamed(at, 'http2-settings')
          ? 'drop'
          : 'pass'
    case 16:
      return fields.isNamed(at, 'proxy-connection') ? 'drop' : 'pass'
    case 17:
      return fields.isNamed(at, 'transfer-encoding')
        ? 'transfer-encoding'
        : fields.isNamed(at, 'client-cert-chain')
          ? 'drop'
          : 'pass'
    case 19:
      return fields.isNamed(at, 'proxy-authorization') ? 'drop' : 'pass'
    default:
      return 'pass'
  }
}

/** Fields that change a message's framing, routing or sender and so may not come as trailers (RFC 9110, section 6.5.1). */
const neverTrailers = new Set(
  (
    'transfer-encoding content-length host trailer te connection keep-alive upgrade proxy-connection http2-settings ' +
    'content-encoding content-type content-range authorization proxy-authorization proxy-authenticate ' +
    'set-cookie cookie cache-control expect max-forwards range if-match if-none-match forwarded via x-real-ip client-cert client-cert-chain'
  ).split(' '),
)

/** Trailers that may be passed on, names in lower case. */
export function passableTrailers(trailers: string[]): string[] {
  const passed: string[] = []
  for (let at = 0; at < trailers.length; at += 2) {
    const name = trailers[at]!.toLowerCase()
    const dashed = name.replaceAll('_', '-')
    if (!neverTrailers.has(dashed) && !isStatement(new ListedFields([dashed, '']), 0))
      passed.push(name, trailers[at + 1]!.trim())
  }
  return passed
}

/** Header lines, each with its line end. */
export function fieldLines(fields: string[]): string {
  const listed = new ListedFields(fields)
  return listed.lines(0, listed.count)
}

/** Names that a Connection field nominates as hop-by-hop besides its own options; null for the usual values. */
export function nominatedFields(connection: string): Set<string> | null {
  if (connection === '' || connection === 'keep-alive' || connection === 'close') return null
  const names = connection
    .toLowerCase()
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '' && !connectionOptions.has(name))
  return names.length > 0 ? new Set(names) : null
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

/** What only we may say: where a request came from, and by whose certificate. */
function isStatement(fields: Fields, at: number): boolean {
  if (fields.nameLength(at) < shortestStatement) return false
  return fields.isNamedLike(at, 'x-forwarded-') || fields.isNamedLike(at, 'x-client-cert-')
}
