import { applicationFieldName } from '../../../contract/text/field-name.ts'
import type { Fields } from './fields.ts'
import { nominatedFields } from './headers.ts'

/**
 * Ascending indexes of response fields that are not passed on unchanged: framing, hop-by-hop, and those that
 * Connection names (RFC 9110, section 7.6.1). Computed once for each head.
 */
export function hopFields(fields: Fields): number[] {
  const hop: number[] = []
  let connection: string | null = null
  for (let at = 0; at < fields.count; at += 1) {
    if (!isHopField(fields, at)) continue
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

function isHopField(fields: Fields, at: number): boolean {
  switch (fields.nameLength(at)) {
    case 2:
      return fields.resembles(at, 'te')
    case 7:
      return fields.resembles(at, 'upgrade')
    case 10:
      return fields.resembles(at, 'connection') || fields.resembles(at, 'keep-alive')
    case 14:
      return fields.resembles(at, 'content-length') || fields.resembles(at, 'http2-settings')
    case 16:
      return fields.resembles(at, 'proxy-connection')
    case 17:
      return fields.resembles(at, 'transfer-encoding')
    case 18:
      return fields.resembles(at, 'proxy-authenticate')
    default:
      return false
  }
}

/** Formats the end-to-end fields of a response as lines of HTTP/1.1. */
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

/** Indexed by length. */
const knownNames: string[][] = []
for (const name of (
  'age via date etag vary link allow server pragma expires location set-cookie content-type x-powered-by ' +
  'accept-ranges cache-control content-range last-modified x-frame-options referrer-policy content-encoding ' +
  'content-language x-xss-protection content-disposition x-content-type-options content-security-policy ' +
  'strict-transport-security access-control-allow-origin access-control-allow-credentials'
).split(' ')) {
  ;(knownNames[name.length] ??= []).push(name)
}
