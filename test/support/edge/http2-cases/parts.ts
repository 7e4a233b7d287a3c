import { endHeaders, endStream, frame, headerBlock, requestBlock, uint32 } from '../http2-frames.ts'

/**
 * Required reaction of an HTTP/2 server to frames that no well-behaved client sends. The list is that of
 * h2spec, by section of RFC 9113 (`HPACK`: of RFC 7541).
 */
export interface Http2Case {
  section: string
  what: string
  /** Bytes of the client, preface included. */
  bytes: Buffer
  wanted: Outcome
  /** Different outcome at the edge, where the RFC leaves a choice. */
  instead?: Outcome
}

type ErrorName =
  | 'INTERNAL'
  | 'PROTOCOL'
  | 'FLOW_CONTROL'
  | 'STREAM_CLOSED'
  | 'FRAME_SIZE'
  | 'REFUSED_STREAM'
  | 'COMPRESSION'
  | 'CALM'
export type Outcome =
  | 'goes on'
  | 'closes'
  | `answers ${number}`
  | `connection error ${ErrorName}`
  | `stream error ${ErrorName}`

export const errorNames: Record<number, ErrorName> = {
  1: 'PROTOCOL',
  2: 'INTERNAL',
  3: 'FLOW_CONTROL',
  5: 'STREAM_CLOSED',
  6: 'FRAME_SIZE',
  7: 'REFUSED_STREAM',
  9: 'COMPRESSION',
  11: 'CALM',
}

export type Sections = Record<string, [what: string, bytes: Buffer[], wanted: Outcome, instead?: Outcome][]>

type Fields = [string, string][]

const host = 'shop.test'
export const request = (path = '/', more: Fields = []) => requestBlock(host, path, more)
export const whole = endHeaders | endStream
/** A complete request, one with a later body, and one with a late answer. */
export const get = (stream = 1) => frame('headers', whole, stream, request())
export const post = (stream = 1, more: Fields = []) =>
  frame('headers', endHeaders, stream, request('/', more))
export const late = (stream = 1) => frame('headers', whole, stream, request('/late'))
export const withFields = (...fields: Fields) => frame('headers', whole, 1, headerBlock(fields))
export const reset = (stream = 1) => frame('reset', 0, stream, uint32(8))
export const ping = (flags = 0, stream = 0, bytes = 8) =>
  frame('ping', flags, stream, Buffer.alloc(bytes, 'p'))
export const setting = (id: number, value: number) => {
  const payload = Buffer.alloc(6)
  payload.writeUInt16BE(id, 0)
  payload.writeUInt32BE(value, 2)
  return frame('settings', 0, 0, payload)
}
export const dependingOn = (stream: number) => Buffer.concat([uint32(stream), Buffer.from([16])])
export const grow = (stream: number, by: number) => frame('windowUpdate', 0, stream, uint32(by))
export const unknownType = 0x16
export const good: Record<string, [string, string]> = {
  method: [':method', 'GET'],
  scheme: [':scheme', 'https'],
  authority: [':authority', host],
  path: [':path', '/'],
}
export const without = (...left: string[]): Fields =>
  Object.entries(good)
    .filter(([name]) => !left.includes(name))
    .map(([, field]) => field)
export const all = without()
export const raw = (...bytes: number[]) =>
  frame('headers', whole, 1, Buffer.concat([request(), Buffer.from(bytes)]))
