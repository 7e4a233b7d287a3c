import { endHeaders, endStream, frame, padded, uint32, withPriority } from '../http2-frames.ts'
import {
  dependingOn,
  get,
  grow,
  late,
  ping,
  post,
  request,
  reset,
  setting,
  unknownType,
  whole,
  type Sections,
} from './parts.ts'

/** Frames, streams and flow control: RFC 9113, sections 3 to 7. */
export const frameCases: Sections = {
  '3.4': [
    [
      'a preface that is none',
      [Buffer.from('PRI * HTTP/2.0\r\n\r\nXX\r\n\r\n')],
      'connection error PROTOCOL',
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
    ],
    [
      'HEADERS on a stream that the client has ended',
      [late(), frame('headers', whole, 1, request())],
      'stream error STREAM_CLOSED',
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
    ],
    [
      'HEADERS on a stream that was reset',
      [post(), reset(), frame('headers', whole, 1, request())],
      'stream error STREAM_CLOSED',
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
    ['a stream with a lower number than one before', [get(5), get(3)], 'connection error PROTOCOL'],
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
    ['PRIORITY on stream 0', [frame('priority', 0, 0, dependingOn(1))], 'connection error PROTOCOL'],
    ['PRIORITY of four octets', [post(), frame('priority', 0, 1, uint32(0))], 'stream error FRAME_SIZE'],
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
    ['PING that is an acknowledgement', [ping(1), get()], 'answers 200'],
    ['PING on a stream', [ping(0, 1)], 'connection error PROTOCOL'],
    ['PING of six octets', [ping(0, 0, 6)], 'connection error FRAME_SIZE'],
  ],
  '6.8': [['GOAWAY on a stream', [frame('goAway', 0, 1, Buffer.alloc(8))], 'connection error PROTOCOL']],
  '6.9': [
    ['WINDOW_UPDATE of the connection by nothing', [grow(0, 0)], 'connection error PROTOCOL'],
    ['WINDOW_UPDATE of a stream by nothing', [post(), grow(1, 0)], 'stream error PROTOCOL'],
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
    ],
  ],
}
