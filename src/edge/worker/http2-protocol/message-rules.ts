/*
 * Rules of RFC 9113, section 8, for the fields of a message. Null: the message is malformed, and its stream is
 * reset. Octets of names and values have been judged by the decoder.
 */

/** Alternating names and values in `fields`; regular ones begin at `from`. */
interface Head {
  fields: string[]
  from: number
  /** Content-Length; -1 without it. */
  contentLength: number
}

export interface RequestHead extends Head {
  method: string
  scheme: string
  authority: string
  path: string
  /** `:protocol` of an extended CONNECT (RFC 8441); empty for other requests. */
  protocol: string
  /** Priority field (RFC 9218); empty without it. */
  priority: string
}

export interface StatusHead extends Head {
  status: number
}

export function readRequestHead(fields: string[]): RequestHead | null {
  const head = { ...blankRequest, fields }
  let seen = 0
  for (; head.from < fields.length && fields[head.from]!.startsWith(':'); head.from += 2) {
    const bit = setPseudo(head, fields[head.from]!, fields[head.from + 1]!)
    if (bit === 0 || (seen & bit) !== 0) return null
    seen |= bit
  }
  return isRequestTarget(head, seen) && readRegular(head) ? head : null
}

export function readStatusHead(fields: string[]): StatusHead | null {
  if (fields[0] !== ':status' || !statusPattern.test(fields[1]!)) return null
  const head = { fields, from: 2, contentLength: -1, priority: '', status: Number(fields[1]) }
  return readRegular(head) ? head : null
}

/** Trailers have no pseudo-header fields. */
export function areTrailers(fields: string[]): boolean {
  return readRegular({ fields, from: 0, contentLength: -1, priority: '' })
}

const blankRequest = {
  from: 0,
  contentLength: -1,
  method: '',
  scheme: '',
  authority: '',
  path: '',
  protocol: '',
  priority: '',
}

/** Returns a bit for the field, to find repeated and missing ones; 0 for an unknown field. */
function setPseudo(head: Omit<RequestHead, 'fields'>, name: string, value: string): number {
  switch (name) {
    case ':method':
      head.method = value
      return 1
    case ':scheme':
      head.scheme = value
      return 2
    case ':authority':
      head.authority = value
      return 4
    case ':path':
      head.path = value
      return 8
    case ':protocol':
      head.protocol = value
      return 16
    default:
      return 0
  }
}

const ofRequest = 1 | 2 | 8
const ofExtendedConnect = 1 | 2 | 4 | 8 | 16
const ofConnect = 1 | 4

function isRequestTarget({ method, scheme, path, fields, from }: RequestHead, seen: number): boolean {
  if (method === 'CONNECT' && seen === ofConnect) return true
  if (!schemePattern.test(scheme)) return false
  if (method === 'CONNECT') return seen === ofExtendedConnect
  if ((seen & 16) !== 0 || (seen & ofRequest) !== ofRequest) return false
  if (path[0] !== '/' && !(path === '*' && method === 'OPTIONS')) return false
  return (seen & 4) !== 0 || hasHost(fields, from)
}

function hasHost(fields: string[], from: number): boolean {
  for (let at = from; at < fields.length; at += 2) if (fields[at] === 'host') return true
  return false
}

function readRegular(head: Head & { priority: string }): boolean {
  const { fields } = head
  for (let at = head.from; at < fields.length; at += 2) {
    const name = fields[at]!
    if (name.charCodeAt(0) === colon) return false
    const rule = rules.get(name)
    if (rule !== undefined && !rule(fields[at + 1]!, head)) return false
  }
  return true
}

type Rule = (value: string, head: Head & { priority: string }) => boolean

const refused: Rule = () => false

/** Fields of connections (RFC 9113, section 8.2.2), and those that frame a message. */
const rules = new Map<string, Rule>([
  ['connection', refused],
  ['proxy-connection', refused],
  ['keep-alive', refused],
  ['upgrade', refused],
  ['transfer-encoding', refused],
  ['te', (value) => value === 'trailers'],
  [
    'content-length',
    (value, head) => {
      if (head.contentLength >= 0 || !lengthPattern.test(value)) return false
      head.contentLength = Number(value)
      return true
    },
  ],
  [
    'priority',
    (value, head) => {
      head.priority = head.priority === '' ? value : `${head.priority},${value}`
      return true
    },
  ],
])

const colon = 0x3a
const lengthPattern = /^\d{1,15}$/
/** RFC 3986, section 3.1. */
const schemePattern = /^[A-Za-z][A-Za-z0-9+.-]*$/
const statusPattern = /^[1-9]\d\d$/
