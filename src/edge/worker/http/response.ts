import { applicationFieldName } from '../../../contract/text/field-name.ts'
import type { Fields } from './fields.ts'
import { byLength, nominatedFields, resembledName } from './headers.ts'
import type { MessageHead } from './http-parser.ts'

export interface ResponseHead {
  status: number
  reason: string
  headers: Fields
  /** Indexes of fields that are not passed on; see `hopFields`. */
  hop: readonly number[]
  /** Content-Length; -1 without it. For HEAD and 304 it is the length of the omitted body. */
  contentLength: number
  hasBody: boolean
}

/** Parses the framing of a response (RFC 9112, section 6.3), or returns the problem with it. */
export function readResponseHead(head: MessageHead, isHead: boolean): ResponseHead | string {
  // Clients cannot interpret other statuses (RFC 9110, section 15), and the HTTP/2 API cannot send them.
  if (head.status > 599) return 'Its status is not a valid HTTP status'
  let contentLength = -1
  let transferEncoding: string | null = null
  const { headers } = head
  const hop = hopFields(headers)
  for (const at of hop) {
    if (headers.isNamed(at, 'content-length')) {
      const value = headers.value(at).trim()
      if (!lengthPattern.test(value)) return 'Its Content-Length is malformed'
      contentLength = Number(value)
    } else if (headers.isNamed(at, 'transfer-encoding')) {
      if (transferEncoding !== null) return 'It has two Transfer-Encoding fields'
      transferEncoding = headers.value(at).trim().toLowerCase()
    }
  }
  if (transferEncoding !== null && transferEncoding !== 'chunked') return 'Its Transfer-Encoding is unknown'
  // Faulty framing (RFC 9112, section 6.1): other clients would read until the connection closes.
  if (transferEncoding !== null && head.minorVersion === 0) return 'It has a Transfer-Encoding in HTTP/1.0'
  const hasBody = !isHead && head.status !== 204 && head.status !== 304
  return {
    status: head.status,
    reason: reasonPattern.test(head.reason) ? head.reason : '',
    headers,
    hop,
    contentLength: head.status === 204 ? -1 : contentLength,
    hasBody,
  }
}

export function hasField(headers: Fields, name: string): boolean {
  for (let at = 0; at < headers.count; at += 1) if (headers.isNamed(at, name)) return true
  return false
}

const lengthPattern = /^\d{1,15}$/
const reasonPattern = /^[\t\x20-\x7e\x80-\xff]*$/

/**
 * Ascending indexes of response fields that are not passed on unchanged: framing, hop-by-hop, and those that
 * Connection names (RFC 9110, section 7.6.1). Computed once for each head.
 */
export function hopFields(fields: Fields): number[] {
  const hop: number[] = []
  let connection: string | null = null
  for (let at = 0; at < fields.count; at += 1) {
    if (resembledName(hopNames, fields, at) === null) continue
    hop.push(at)
    if (!fields.isNamed(at, 'connection')) continue
    connection = connection === null ? fields.value(at) : `${connection},${fields.value(at)}`
  }
  const nominated = connection === null ? null : nominatedFields(connection.trim())
  return nominated === null ? hop : withNominated(fields, hop, nominated)
}

function withNominated(fields: Fields, hop: number[], nominated: Set<string>): number[] {
  const all: number[] = []
  for (let at = 0; at < fields.count; at += 1) {
    if (hop.includes(at) || nominated.has(applicationFieldName(fields.name(at)))) all.push(at)
  }
  return all
}

const hopNames = byLength(
  (
    'te upgrade connection keep-alive content-length http2-settings proxy-connection transfer-encoding ' +
    'proxy-authenticate'
  ).split(' '),
)

export function responseLines(fields: Fields, hop: readonly number[] = hopFields(fields)): string {
  let lines = ''
  let from = 0
  for (const at of hop) {
    lines += fields.lines(from, at)
    from = at + 1
  }
  return lines + fields.lines(from, fields.count)
}

/** Appends the end-to-end fields to `to` for HTTP/2: names in lower case. */
export function addResponseFields(
  to: string[],
  fields: Fields,
  hop: readonly number[] = hopFields(fields),
): void {
  let next = 0
  for (let at = 0; at < fields.count; at += 1) {
    if (at === hop[next]) next += 1
    else to.push(lowerName(fields, at), fields.value(at))
  }
}

/** Interns known names, which also spares their hash each time. */
function lowerName(fields: Fields, at: number): string {
  const alike = knownNames[fields.nameLength(at)]
  if (alike) for (const name of alike) if (fields.isNamed(at, name)) return name
  return fields.name(at).toLowerCase()
}

const knownNames = byLength(
  (
    'age via date etag vary link allow server pragma expires location set-cookie content-type x-powered-by ' +
    'accept-ranges cache-control content-range last-modified x-frame-options referrer-policy content-encoding ' +
    'content-language x-xss-protection content-disposition x-content-type-options content-security-policy ' +
    'strict-transport-security access-control-allow-origin access-control-allow-credentials'
  ).split(' '),
)

/**
 * Reason phrases. An `import` of node:http would evaluate all of its exports, and so load fetch and
 * websockets, which no worker uses (`leanTable` in scripts/import-table.ts).
 */
export const { STATUS_CODES } = process.getBuiltinModule('node:http')
