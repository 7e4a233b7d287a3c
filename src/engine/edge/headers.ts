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
  | 'cookie'
  /** Hop-by-hop, or a statement about the client that only we may make. */
  | 'drop'

export function requestFieldKind(name: string): FieldKind {
  // Applications that see headers as CGI variables cannot tell "_" from "-": a look-alike of a field
  // that means something here is not passed on to mean it there.
  if (name.includes('_')) return kindByLength(name.replaceAll('_', '-')) === 'pass' ? 'pass' : 'drop'
  return kindByLength(name)
}

function kindByLength(name: string): FieldKind {
  switch (name.length) {
    case 2:
      return is(name, 'te') ? 'te' : 'pass'
    case 3:
      return is(name, 'via') ? 'via' : 'pass'
    case 4:
      return is(name, 'host') ? 'host' : 'pass'
    case 6:
      return is(name, 'expect')
        ? 'expect'
        : is(name, 'accept')
          ? 'accept'
          : is(name, 'cookie')
            ? 'cookie'
            : 'pass'
    case 7:
      return is(name, 'upgrade') ? 'upgrade' : 'pass'
    case 9:
      return is(name, 'forwarded') || is(name, 'x-real-ip') ? 'drop' : 'pass'
    case 10:
      return is(name, 'connection') ? 'connection' : is(name, 'keep-alive') ? 'drop' : 'pass'
    case 11:
      return is(name, 'client-cert') ? 'drop' : 'pass'
    case 14:
      return is(name, 'content-length') ? 'content-length' : 'pass'
    case 15:
      return isStatement(name) ? 'drop' : 'pass'
    case 16:
      return is(name, 'proxy-connection') || isStatement(name) ? 'drop' : 'pass'
    case 17:
      return is(name, 'transfer-encoding')
        ? 'transfer-encoding'
        : is(name, 'client-cert-chain') || isStatement(name)
          ? 'drop'
          : 'pass'
    case 19:
      return is(name, 'proxy-authorization') || isStatement(name) ? 'drop' : 'pass'
    default:
      return isStatement(name) ? 'drop' : 'pass'
  }
}

/** Fields of a response that are not passed on as they stand: framing and hop-by-hop. */
function isResponseHopField(name: string): boolean {
  switch (name.length) {
    case 2:
      return is(name, 'te')
    case 7:
      return is(name, 'upgrade')
    case 10:
      return is(name, 'connection') || is(name, 'keep-alive')
    case 14:
      return is(name, 'content-length')
    case 16:
      return is(name, 'proxy-connection')
    case 17:
      return is(name, 'transfer-encoding')
    case 18:
      return is(name, 'proxy-authenticate')
    default:
      return false
  }
}

/** The fields of a response that are passed on, as lines of HTTP/1.1. */
export function responseLines(headers: string[]): string {
  const nominated = nominatedByResponse(headers)
  let lines = ''
  for (let at = 0; at < headers.length; at += 2) {
    const name = headers[at]!
    if (!isResponseHopField(name) && !nominated?.has(name.toLowerCase()))
      lines += `${name}: ${headers[at + 1]}\r\n`
  }
  return lines
}

/** The same, added to `fields` for HTTP/2: names in lower case. */
export function addResponseFields(fields: string[], headers: string[]): void {
  const nominated = nominatedByResponse(headers)
  for (let at = 0; at < headers.length; at += 2) {
    const name = headers[at]!
    if (isResponseHopField(name)) continue
    const lower = name.toLowerCase()
    if (!nominated?.has(lower)) fields.push(lower, headers[at + 1]!)
  }
}

function nominatedByResponse(headers: string[]): Set<string> | null {
  let connection = ''
  for (let at = 0; at < headers.length; at += 2) {
    if (is(headers[at]!, 'connection')) connection += `,${headers[at + 1]}`
  }
  return connection === '' ? null : nominatedFields(connection.slice(1).trim())
}

/** Fields that change a message's framing, routing or sender and so may not come as trailers (RFC 9110, section 6.5.1). */
const neverTrailers = new Set(
  (
    'transfer-encoding content-length host trailer te connection keep-alive upgrade proxy-connection ' +
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
    if (!neverTrailers.has(dashed) && !isStatement(dashed)) passed.push(name, trailers[at + 1]!.trim())
  }
  return passed
}

/** Header lines, each with its line end. */
export function fieldLines(fields: string[]): string {
  let lines = ''
  for (let at = 0; at < fields.length; at += 2) lines += `${fields[at]}: ${fields[at + 1]}\r\n`
  return lines
}

/** Fields as Node's trailers want them: one that comes again has a list of values. */
export function fieldObject(fields: string[]): Record<string, string | string[]> {
  const object: Record<string, string | string[]> = {}
  for (let at = 0; at < fields.length; at += 2) {
    const name = fields[at]!
    const before = object[name]
    object[name] = before === undefined ? fields[at + 1]! : [before, fields[at + 1]!].flat()
  }
  return object
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

function is(name: string, wanted: string): boolean {
  return (
    name === wanted ||
    ((name.charCodeAt(0) | lowerCaseBit) === wanted.charCodeAt(0) && name.toLowerCase() === wanted)
  )
}

/** What only we may say: where a request came from, and by whose certificate. */
function isStatement(name: string): boolean {
  if ((name.charCodeAt(0) | lowerCaseBit) !== letterX) return false
  const start = name.slice(0, 14).toLowerCase()
  return start.startsWith('x-forwarded-') || start === 'x-client-cert-'
}

const lowerCaseBit = 0x20
const letterX = 0x78
