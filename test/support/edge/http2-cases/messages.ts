import { endHeaders, endStream, frame, headerBlock } from '../http2-frames.ts'
import { all, good, post, raw, request, whole, withFields, without, type Sections } from './parts.ts'

/** Requests and their fields: RFC 9113, section 8, and RFC 7541. */
export const messageCases: Sections = {
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
    ],
    [
      'more body than its length, in pieces',
      [
        post(1, [['content-length', '1']]),
        frame('data', 0, 1, Buffer.from('x')),
        frame('data', endStream, 1, Buffer.from('x')),
      ],
      'stream error PROTOCOL',
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
    ['a field name with a space', [withFields(...all, ['x a', 'b'])], 'stream error PROTOCOL'],
    ['a field name with a colon within', [withFields(...all, ['x:a', 'b'])], 'stream error PROTOCOL'],
    ['a field value with a line break', [withFields(...all, ['x-a', 'b\r\nc: d'])], 'stream error PROTOCOL'],
    ['a field value with a NUL', [withFields(...all, ['x-a', 'b\0'])], 'stream error PROTOCOL'],
    ['a field value that starts with a space', [withFields(...all, ['x-a', ' b'])], 'stream error PROTOCOL'],
  ],
  '8.2.2': [
    ...['connection', 'proxy-connection', 'keep-alive', 'upgrade'].map((name): Sections[string][number] => [
      `the field ${name}`,
      [withFields(...all, [name, 'close'])],
      'stream error PROTOCOL',
    ]),
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
    ...['method', 'scheme', 'path'].map((name): Sections[string][number] => [
      `no :${name}`,
      [withFields(...without(name))],
      'stream error PROTOCOL',
    ]),
    ...['method', 'scheme', 'path', 'authority'].map((name): Sections[string][number] => [
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
