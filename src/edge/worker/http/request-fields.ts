import { applicationFieldName } from '../../../contract/text/field-name.ts'
import type { Fields } from './fields.ts'
import { bindsConnection, nominatedFields, requestFieldKind } from './headers.ts'

export type RequestFields = ReturnType<typeof readRequestFields>

/** Reads the fields of one request; `from` skips the pseudo-header fields of HTTP/2. */
export function readRequestFields(headers: Fields, from = 0) {
  const fields = {
    lines: '',
    hosts: [] as string[],
    contentLength: null as string | null,
    transferEncoding: null as string | null,
    connection: '',
    upgrade: '',
    expect: '',
    te: '',
    via: '',
    accept: '',
    bindsConnection: false,
  }
  let cookies = ''
  let passedFrom = from
  for (let at = from; at < headers.count; at += 1) {
    const kind = requestFieldKind(headers, at)
    if (kind === 'pass') continue
    const value = headers.value(at)
    if (kind === 'accept') {
      fields.accept = joined(fields.accept, value)
      continue
    }
    if (kind === 'authorization') {
      fields.bindsConnection ||= bindsConnection(value)
      continue
    }
    fields.lines += headers.lines(passedFrom, at)
    passedFrom = at + 1
    switch (kind) {
      case 'host':
        fields.hosts.push(value.trim())
        break
      case 'content-length':
        fields.contentLength =
          fields.contentLength === null ? value.trim() : `${fields.contentLength},${value}`
        break
      case 'transfer-encoding':
        fields.transferEncoding =
          fields.transferEncoding === null ? value.trim() : `${fields.transferEncoding},${value}`
        break
      case 'connection':
      case 'upgrade':
        fields[kind] = joined(fields[kind], value.trim())
        break
      case 'expect':
        fields.expect = joined(fields.expect, value.trim().toLowerCase())
        break
      case 'te':
      case 'via':
        fields[kind] = joined(fields[kind], value)
        break
      case 'cookie':
        // HTTP/2 may split a cookie field; HTTP/1.1 must have it joined (RFC 9113, section 8.2.3).
        cookies = cookies === '' ? value : `${cookies}; ${value}`
        break
      case 'drop':
        break
    }
  }
  fields.lines += headers.lines(passedFrom, headers.count)
  if (cookies !== '') fields.lines += `cookie: ${cookies}\r\n`
  const nominated = nominatedFields(fields.connection)
  if (nominated) fields.lines = withoutFields(fields.lines, nominated)
  return fields
}

function withoutFields(lines: string, names: Set<string>): string {
  return lines
    .split('\r\n')
    .filter((line) => !names.has(applicationFieldName(line.slice(0, line.indexOf(':')))))
    .join('\r\n')
}

function joined(before: string, more: string): string {
  return before === '' ? more : `${before}, ${more}`
}
