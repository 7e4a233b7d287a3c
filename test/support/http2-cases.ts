import {
  endHeaders,
  endStream,
  frame,
  headerBlock,
  padded,
  preface,
  requestBlock,
  uint32,
  withPriority,
} from './http2-frames.ts'

/**
 * What a server of HTTP/2 has to do with frames that no well-behaved client sends: the list is that of
 * h2spec, by the section of RFC 9113 (`HPACK`: of RFC 7541) that asks for it.
 */
export interface Http2Case {
  section: string
  what: string
  /** With the preface. */
  bytes: Buffer
  wanted: Outcome
  /** What nghttp2 does otherwise, which the edge takes from Node as it is. */
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
  'goes on' | 'closes' | `answers ${number}` | `connection error ${ErrorName}` | `stream error ${ErrorName}`

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

type Fields = [string, string][]

const host = 'shop.test'
const request = (path = '/', more: Fields = []) => requestBlock(host, path, more)
const whole = endHeaders | endStream
/** A request that is complete, one whose body is to come, and one that is answered late. */
const get = (stream = 1) => frame('headers', whole, stream, request())
const post = (stream = 1, more: Fields = []) => frame('headers', endHeaders, stream, request('/', more))
const late = (stream = 1) => frame('headers', whole, stream, request('/late'))
const withFields = (...fields: Fields) => frame('headers', whole, 1, headerBlock(fields))
const reset = (stream = 1) => frame('reset', 0, stream, uint32(8))
const ping = (flags = 0, stream = 0, bytes = 8) => frame('ping', flags, stream, Buffer.alloc(bytes, 'p'))
const setting = (id: number, value: number) => {
  const payload = Buffer.alloc(6)
  payload.writeUInt16BE(id, 0)
  payload.writeUInt32BE(value, 2)
  return frame('settings', 0, 0, payload)
}
const dependingOn = (stream: number) => Buffer.concat([uint32(stream), Buffer.from([16])])
const grow = (stream: number, by: number) => frame('windowUpdate', 0, stream, uint32(by))
const unknownType = 0x16
const good: Record<string, [string, string]> = {
  method: [':method', 'GET'],
  scheme: [':scheme', 'https'],
  authority: [':authority', host],
  path: [':path', '/'],
}
const without = (...left: string[]): Fields =>
  Object.entries(good)
    .filter(([name]) => !left.includes(name))
    .map(([, field]) => field)
const all = without()
const raw = (...bytes: number[]) => frame('headers', whole, 1, Buffer.concat([request(), Buffer.from(bytes)]))

const cases: Record<string, [what: string, bytes: Buffer[], wanted: Outcome, instead?: Outcome][]> = {
  '3.4': [
    [
      'a preface that is none',
      [Buffer.from('PRI * HTTP/2.0\r\n\r\nXX\r\n\r\n')],
      'connection error PROTOCOL',
      'connection error INTERNAL',
    ],
  ],
  '4.1': [
    ['a frame of an unknown type', [frame(unknownType, 0, 0, Buffer.alloc(8)), get()], 'answers 200'],
    ['undefined flags', [ping(0x16)], 'goes on'],
    [
      'the reserved bit of the stream identifier',
      [frame('ping', 0, 0x80000000, Buffer.alloc(8)), get()],
      'answers 200',
    ],
  ],
  '4.2': [
    ['DATA of the largest size', [post(), frame('data', endStream, 1, Buffer.alloc(16_384))], 'answers 200'],
    [
      'DATA above the largest size',
      [post(), frame('data', endStream, 1, Buffer.alloc(16_385))],
      'connection error FRAME_SIZE',
    ],
    [
      'HEADERS above the largest size',
      [frame('headers', whole, 1, Buffer.concat([request(), Buffer.alloc(16_385)]))],
      'connection error FRAME_SIZE',
    ],
  ],
  '4.3': [
    [
      'a header block that cannot be read',
      [frame('headers', whole, 1, Buffer.from([0, 1, 2]))],
      'connection error COMPRESSION',
    ],
    [
      'PRIORITY within a header block',
      [frame('headers', endStream, 1, request()), frame('priority', 0, 1, dependingOn(0))],
      'connection error PROTOCOL',
    ],
    [
      'HEADERS of another stream within a header block',
      [frame('headers', endStream, 1, request()), get(3)],
      'connection error PROTOCOL',
    ],
  ],
  '5.1': [
    ['DATA on an idle stream', [frame('data', endStream, 1, Buffer.from('x'))], 'connection error PROTOCOL'],
    ['RST_STREAM on an idle stream', [reset()], 'connection error PROTOCOL'],
    ['WINDOW_UPDATE on an idle stream', [grow(1, 100)], 'connection error PROTOCOL'],
    [
      'CONTINUATION on an idle stream',
      [frame('continuation', endHeaders, 1, request())],
      'connection error PROTOCOL',
    ],
    [
      'DATA on a stream that the client has ended',
      [late(), frame('data', endStream, 1, Buffer.from('x'))],
      'stream error STREAM_CLOSED',
      'connection error STREAM_CLOSED',
    ],
    [
      'HEADERS on a stream that the client has ended',
      [late(), frame('headers', whole, 1, request())],
      'stream error STREAM_CLOSED',
      'connection error STREAM_CLOSED',
    ],
    [
      'CONTINUATION on a stream that the client has ended',
      [late(), frame('continuation', endHeaders, 1, request())],
      'connection error PROTOCOL',
    ],
    [
      'DATA on a stream that was reset',
      [post(), reset(), frame('data', endStream, 1, Buffer.from('x'))],
      'stream error STREAM_CLOSED',
      'goes on',
    ],
    [
      'HEADERS on a stream that was reset',
      [post(), reset(), frame('headers', whole, 1, request())],
      'stream error STREAM_CLOSED',
      'goes on',
    ],
    [
      'CONTINUATION on a stream that was reset',
      [post(), reset(), frame('continuation', endHeaders, 1, request())],
      'connection error PROTOCOL',
    ],
    ['WINDOW_UPDATE on a stream that was reset', [post(), reset(), grow(1, 100), get(3)], 'answers 200'],
    [
      'PRIORITY on a stream that was reset',
      [post(), reset(), frame('priority', 0, 1, dependingOn(0)), get(3)],
      'answers 200',
    ],
  ],
  '5.1.1': [
    ['a stream of an even number', [get(2)], 'connection error PROTOCOL'],
    [
      'a stream with a lower number than one before',
      [get(5), get(3)],
      'connection error PROTOCOL',
      'answers 200',
    ],
  ],
  '5.1.2': [
    [
      'more streams than are allowed',
      Array.from({ length: 129 }, (_, at) => late(2 * at + 1)),
      'stream error REFUSED_STREAM',
    ],
  ],
  '5.3.1': [
    [
      'HEADERS of a stream that depends on itself',
      [frame('headers', whole | withPriority, 1, Buffer.concat([dependingOn(1), request()]))],
      'stream error PROTOCOL',
      'connection error PROTOCOL',
    ],
    [
      'PRIORITY of a stream that depends on itself',
      [frame('priority', 0, 1, dependingOn(1)), get()],
      'stream error PROTOCOL',
      'answers 200',
    ],
  ],
  '5.5': [
    [
      'an extension frame within a header block',
      [frame('headers', endStream, 1, request()), frame(unknownType, 0, 0, Buffer.alloc(8))],
      'connection error PROTOCOL',
    ],
  ],
  '6.1': [
    ['DATA on stream 0', [frame('data', endStream, 0, Buffer.from('x'))], 'connection error PROTOCOL'],
    [
      'DATA with more padding than payload',
      [post(), frame('data', endStream | padded, 1, Buffer.from([6, 1, 2, 3, 4, 5]))],
      'connection error PROTOCOL',
    ],
    [
      'DATA with padding',
      [post(), frame('data', endStream | padded, 1, Buffer.from([2, 120, 0, 0]))],
      'answers 200',
    ],
  ],
  '6.2': [
    ['HEADERS on stream 0', [get(0)], 'connection error PROTOCOL'],
    [
      'HEADERS with more padding than payload',
      [frame('headers', whole | padded, 1, Buffer.concat([Buffer.from([255]), request()]))],
      'connection error PROTOCOL',
    ],
    [
      'HEADERS with padding and a priority',
      [
        frame(
          'headers',
          whole | padded | withPriority,
          1,
          Buffer.concat([Buffer.from([1]), dependingOn(0), request(), Buffer.from([0])]),
        ),
      ],
      'answers 200',
    ],
  ],
  '6.3': [
    [
      'PRIORITY on stream 0',
      [frame('priority', 0, 0, dependingOn(1))],
      'connection error PROTOCOL',
      'goes on',
    ],
    [
      'PRIORITY of four octets',
      [post(), frame('priority', 0, 1, uint32(0))],
      'stream error FRAME_SIZE',
      'connection error FRAME_SIZE',
    ],
  ],
  '6.4': [
    ['RST_STREAM on stream 0', [reset(0)], 'connection error PROTOCOL'],
    [
      'RST_STREAM of three octets',
      [post(), frame('reset', 0, 1, Buffer.alloc(3))],
      'connection error FRAME_SIZE',
    ],
  ],
  '6.5': [
    [
      'an acknowledgement of SETTINGS with a payload',
      [frame('settings', 1, 0, Buffer.alloc(6))],
      'connection error FRAME_SIZE',
    ],
    ['SETTINGS on a stream', [frame('settings', 0, 1, Buffer.alloc(6))], 'connection error PROTOCOL'],
    ['SETTINGS of three octets', [frame('settings', 0, 0, Buffer.alloc(3))], 'connection error FRAME_SIZE'],
  ],
  '6.5.2': [
    ['ENABLE_PUSH of 2', [setting(2, 2)], 'connection error PROTOCOL'],
    ['INITIAL_WINDOW_SIZE above 2^31-1', [setting(4, 0x80000000)], 'connection error FLOW_CONTROL'],
    ['MAX_FRAME_SIZE below 16,384', [setting(5, 16_383)], 'connection error PROTOCOL'],
    ['MAX_FRAME_SIZE above 2^24-1', [setting(5, 2 ** 24)], 'connection error PROTOCOL'],
    ['ENABLE_CONNECT_PROTOCOL of 2', [setting(8, 2)], 'connection error PROTOCOL'],
    ['an unknown setting', [setting(0xff, 1), get()], 'answers 200'],
  ],
  '6.6': [
    [
      'PUSH_PROMISE from a client',
      [frame('pushPromise', endHeaders, 1, Buffer.concat([uint32(2), request()]))],
      'connection error PROTOCOL',
    ],
  ],
  '6.7': [
    ['PING that is an acknowledgement', [ping(1), get()], 'answers 200', 'connection error INTERNAL'],
    ['PING on a stream', [ping(0, 1)], 'connection error PROTOCOL'],
    ['PING of six octets', [ping(0, 0, 6)], 'connection error FRAME_SIZE'],
  ],
  '6.8': [['GOAWAY on a stream', [frame('goAway', 0, 1, Buffer.alloc(8))], 'connection error PROTOCOL']],
  '6.9': [
    ['WINDOW_UPDATE of the connection by nothing', [grow(0, 0)], 'connection error PROTOCOL'],
    [
      'WINDOW_UPDATE of a stream by nothing',
      [post(), grow(1, 0)],
      'stream error PROTOCOL',
      'connection error PROTOCOL',
    ],
    [
      'WINDOW_UPDATE of three octets',
      [frame('windowUpdate', 0, 0, Buffer.alloc(3))],
      'connection error FRAME_SIZE',
    ],
  ],
  '6.9.1': [
    [
      'a window of the connection above 2^31-1',
      [grow(0, 2 ** 31 - 1), grow(0, 2 ** 31 - 1)],
      'connection error FLOW_CONTROL',
    ],
    [
      'a window of a stream above 2^31-1',
      [post(), grow(1, 2 ** 31 - 1), grow(1, 2 ** 31 - 1)],
      'stream error FLOW_CONTROL',
      'connection error FLOW_CONTROL',
    ],
  ],
  '6.9.2': [
    ['a window that is opened after the request', [setting(4, 0), get(), setting(4, 100)], 'answers 200'],
    [
      'a window that settings bring above 2^31-1',
      [post(), grow(1, 2 ** 31 - 65_536), setting(4, 65_536 + 1)],
      'connection error FLOW_CONTROL',
    ],
  ],
  '6.10': [
    [
      'a header block in three pieces',
      [
        frame('headers', endStream, 1, request().subarray(0, 9)),
        frame('continuation', 0, 1, request().subarray(9, 20)),
        frame('continuation', endHeaders, 1, request().subarray(20)),
      ],
      'answers 200',
    ],
    [
      'DATA after a CONTINUATION that does not end the block',
      [
        frame('headers', 0, 1, request().subarray(0, 9)),
        frame('continuation', 0, 1, request().subarray(9)),
        frame('data', endStream, 1, Buffer.from('x')),
      ],
      'connection error PROTOCOL',
    ],
    [
      'CONTINUATION on stream 0',
      [frame('headers', endStream, 1, request()), frame('continuation', endHeaders, 0)],
      'connection error PROTOCOL',
    ],
    [
      'CONTINUATION after the end of the block',
      [get(), frame('continuation', endHeaders, 1, request())],
      'connection error PROTOCOL',
    ],
    [
      'CONTINUATION after DATA',
      [post(), frame('data', 0, 1, Buffer.from('x')), frame('continuation', endHeaders, 1, request())],
      'connection error PROTOCOL',
    ],
  ],
  '7': [
    ['RST_STREAM with an unknown code', [post(), frame('reset', 0, 1, uint32(0xff)), get(3)], 'answers 200'],
    [
      'GOAWAY that is no error, while a request is open',
      [late(), frame('goAway', 0, 0, Buffer.alloc(8))],
      'answers 200',
    ],
    [
      'GOAWAY with an unknown code, while a request is open',
      [late(), frame('goAway', 0, 0, Buffer.concat([uint32(0), uint32(0xff)]))],
      'answers 200',
      'closes',
    ],
  ],
  '8.1': [
    [
      'a second head that does not end the stream',
      [post(), frame('headers', endHeaders, 1, headerBlock([['x-a', 'b']]))],
      'stream error PROTOCOL',
    ],
  ],
  '8.1.1': [
    [
      'less body than its length',
      [post(1, [['content-length', '2']]), frame('data', endStream, 1, Buffer.from('x'))],
      'stream error PROTOCOL',
    ],
    [
      'more body than its length',
      [post(1, [['content-length', '1']]), frame('data', endStream, 1, Buffer.from('xx'))],
      'stream error PROTOCOL',
      'connection error INTERNAL',
    ],
    [
      'more body than its length, in pieces',
      [
        post(1, [['content-length', '1']]),
        frame('data', 0, 1, Buffer.from('x')),
        frame('data', endStream, 1, Buffer.from('x')),
      ],
      'stream error PROTOCOL',
      'connection error INTERNAL',
    ],
    [
      'no body where a length is given',
      [frame('headers', whole, 1, request('/', [['content-length', '1']]))],
      'stream error PROTOCOL',
    ],
    [
      'two lengths',
      [
        post(1, [
          ['content-length', '1'],
          ['content-length', '2'],
        ]),
      ],
      'stream error PROTOCOL',
    ],
  ],
  '8.2.1': [
    ['a field name in upper case', [withFields(...all, ['X-A', 'b'])], 'stream error PROTOCOL'],
    ['a field name with a space', [withFields(...all, ['x a', 'b'])], 'stream error PROTOCOL', 'answers 200'],
    [
      'a field name with a colon within',
      [withFields(...all, ['x:a', 'b'])],
      'stream error PROTOCOL',
      'answers 200',
    ],
    [
      'a field value with a line break',
      [withFields(...all, ['x-a', 'b\r\nc: d'])],
      'stream error PROTOCOL',
      'answers 200',
    ],
    [
      'a field value with a NUL',
      [withFields(...all, ['x-a', 'b\0'])],
      'stream error PROTOCOL',
      'answers 200',
    ],
    [
      'a field value that starts with a space',
      [withFields(...all, ['x-a', ' b'])],
      'stream error PROTOCOL',
      'answers 200',
    ],
  ],
  '8.2.2': [
    ...['connection', 'proxy-connection', 'keep-alive', 'upgrade'].map(
      (name): (typeof cases)[string][number] => [
        `the field ${name}`,
        [withFields(...all, [name, 'close'])],
        'stream error PROTOCOL',
      ],
    ),
    [
      'the field transfer-encoding',
      [withFields(...all, ['transfer-encoding', 'chunked'])],
      'stream error PROTOCOL',
    ],
    [
      'TE that asks for more than trailers',
      [withFields(...all, ['te', 'trailers, deflate'])],
      'stream error PROTOCOL',
    ],
    ['TE that asks for trailers', [withFields(...all, ['te', 'trailers'])], 'answers 200'],
  ],
  '8.3': [
    ['an unknown pseudo-header field', [withFields(...all, [':test', 'ok'])], 'stream error PROTOCOL'],
    [
      'the pseudo-header field of a response',
      [withFields(...all, [':status', '200'])],
      'stream error PROTOCOL',
    ],
    [
      'a pseudo-header field in trailers',
      [post(), frame('headers', whole, 1, headerBlock([[':method', 'GET']]))],
      'stream error PROTOCOL',
    ],
    [
      'a pseudo-header field after another field',
      [withFields(['x-a', 'b'], ...all)],
      'stream error PROTOCOL',
    ],
  ],
  '8.3.1': [
    ['an empty path', [withFields(...without('path'), [':path', ''])], 'stream error PROTOCOL'],
    [
      'a path that does not start with a slash',
      [withFields(...without('path'), [':path', 'a'])],
      'stream error PROTOCOL',
    ],
    ...['method', 'scheme', 'path'].map((name): (typeof cases)[string][number] => [
      `no :${name}`,
      [withFields(...without(name))],
      'stream error PROTOCOL',
    ]),
    ...['method', 'scheme', 'path', 'authority'].map((name): (typeof cases)[string][number] => [
      `two of :${name}`,
      [withFields(...all, good[name]!)],
      'stream error PROTOCOL',
    ]),
    ['neither :authority nor Host', [withFields(...without('authority'))], 'stream error PROTOCOL'],
    [
      'Host that differs from :authority',
      [withFields(...all, ['host', 'other.test'])],
      'stream error PROTOCOL',
      'answers 400',
    ],
  ],
  'HPACK 2.3.3': [['an index that is not there', [raw(0xff, 0x80, 0x01)], 'connection error COMPRESSION']],
  'HPACK 4.2': [
    ['a change of the table’s size at the end of a block', [raw(0x20)], 'connection error COMPRESSION'],
  ],
  'HPACK 5.2': [
    [
      'Huffman padding of more than seven bits',
      [raw(0x00, 0x01, 0x78, 0x83, 0x1f, 0xff, 0xff)],
      'connection error COMPRESSION',
    ],
    ['Huffman padding of zeroes', [raw(0x00, 0x01, 0x78, 0x81, 0x18)], 'connection error COMPRESSION'],
    [
      'the end-of-string symbol in a Huffman code',
      [raw(0x00, 0x01, 0x78, 0x85, 0xff, 0xff, 0xff, 0xff, 0xff)],
      'connection error COMPRESSION',
    ],
  ],
  'HPACK 6.1': [['the index 0', [raw(0x80)], 'connection error COMPRESSION']],
  'HPACK 6.3': [
    [
      'a table above the size that is allowed',
      [frame('headers', whole, 1, Buffer.concat([Buffer.from([0x3f, 0xe2, 0x1f]), request()]))],
      'connection error COMPRESSION',
    ],
  ],
}

export const http2Cases: Http2Case[] = Object.entries(cases).flatMap(([section, list]) =>
  list.map(([what, parts, wanted, instead]) => ({
    section,
    what,
    bytes: Buffer.concat(section === '3.4' ? parts : [preface, ...parts]),
    wanted,
    ...(instead && { instead }),
  })),
)
