import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { HpackDecoder, HpackError } from '../../../../../src/edge/worker/http2-protocol/hpack/decoder.ts'
import {
  HpackEncoder,
  mostEncodedBytes,
} from '../../../../../src/edge/worker/http2-protocol/hpack/encoder.ts'
import {
  huffmanLength,
  readHuffman,
  writeHuffman,
} from '../../../../../src/edge/worker/http2-protocol/hpack/huffman.ts'

const bounds = { tableBytes: 4096, listBytes: 65_536, fields: 256 }

function decodeWith(decoder: HpackDecoder, bytes: Buffer) {
  return decoder.decode(bytes, 0, bytes.length)
}

function encodeWith(encoder: HpackEncoder, fields: string[]): Buffer {
  const bytes = Buffer.alloc(mostEncodedBytes(fields))
  return bytes.subarray(0, encoder.encode(fields, bytes, 0))
}

/** One text for each field. */
const linesOf = (fields: string[]): string[] =>
  fields.flatMap((name, at) => (at % 2 === 0 ? [`${name} ${fields[at + 1]}`] : []))

const hex = (text: string): Buffer => Buffer.from(text.replaceAll(/\s/g, ''), 'hex')

/** RFC 7541, appendix C.3 to C.6: messages of one connection, in order; fields are separated by bars. */
const vectors: { name: string; tableBytes: number; messages: [block: string, fields: string][] }[] = [
  {
    name: 'C.3: requests without Huffman code',
    tableBytes: 4096,
    messages: [
      [
        '8286 8441 0f77 7777 2e65 7861 6d70 6c65 2e63 6f6d',
        ':method GET | :scheme http | :path / | :authority www.example.com',
      ],
      [
        '8286 84be 5808 6e6f 2d63 6163 6865',
        ':method GET | :scheme http | :path / | :authority www.example.com | cache-control no-cache',
      ],
      [
        '8287 85bf 400a 6375 7374 6f6d 2d6b 6579 0c63 7573 746f 6d2d 7661 6c75 65',
        ':method GET | :scheme https | :path /index.html | :authority www.example.com | custom-key custom-value',
      ],
    ],
  },
  {
    name: 'C.4: requests with Huffman code',
    tableBytes: 4096,
    messages: [
      [
        '8286 8441 8cf1 e3c2 e5f2 3a6b a0ab 90f4 ff',
        ':method GET | :scheme http | :path / | :authority www.example.com',
      ],
      [
        '8286 84be 5886 a8eb 1064 9cbf',
        ':method GET | :scheme http | :path / | :authority www.example.com | cache-control no-cache',
      ],
      [
        '8287 85bf 4088 25a8 49e9 5ba9 7d7f 8925 a849 e95b b8e8 b4bf',
        ':method GET | :scheme https | :path /index.html | :authority www.example.com | custom-key custom-value',
      ],
    ],
  },
  {
    name: 'C.6: responses with Huffman code and a table of 256 bytes',
    tableBytes: 256,
    messages: [
      [
        '4882 6402 5885 aec3 771a 4b61 96d0 7abe 9410 54d4 44a8 2005 9504 0b81 66e0 82a6 2d1b ff6e 919d 29ad 1718 63c7 8f0b 97c8 e9ae 82ae 43d3',
        ':status 302 | cache-control private | date Mon, 21 Oct 2013 20:13:21 GMT | location https://www.example.com',
      ],
      [
        '4883 640e ffc1 c0bf',
        ':status 307 | cache-control private | date Mon, 21 Oct 2013 20:13:21 GMT | location https://www.example.com',
      ],
      [
        '88c1 6196 d07a be94 1054 d444 a820 0595 040b 8166 e084 a62d 1bff c05a 839b d9ab 77ad 94e7 821d d7f2 e6c7 b335 dfdf cd5b 3960 d5af 2708 7f36 72c1 ab27 0fb5 291f 9587 3160 65c0 03ed 4ee5 b106 3d50 07',
        ':status 200 | cache-control private | date Mon, 21 Oct 2013 20:13:22 GMT | location https://www.example.com | content-encoding gzip | set-cookie foo=ASDJKHQKBZXOQWEOPIUAXQWEOIU; max-age=3600; version=1',
      ],
    ],
  },
]

describe('the decoder', () => {
  test.each(vectors)('reads RFC 7541, $name', ({ tableBytes, messages }) => {
    const decoder = new HpackDecoder({ ...bounds, tableBytes })
    for (const [block, fields] of messages) {
      const decoded = decodeWith(decoder, hex(block))
      expect(decoded).toMatchObject({ isMalformed: false, isTooLarge: false })
      expect(linesOf(decoded.fields).join(' | ')).toBe(fields)
    }
  })

  test.each([
    [
      'C.2.1: a literal with indexing',
      '400a 6375 7374 6f6d 2d6b 6579 0d63 7573 746f 6d2d 6865 6164 6572',
      ['custom-key', 'custom-header'],
    ],
    ['C.2.2: a literal without indexing', '040c 2f73 616d 706c 652f 7061 7468', [':path', '/sample/path']],
    ['C.2.3: a literal never indexed', '1008 7061 7373 776f 7264 0673 6563 7265 74', ['password', 'secret']],
    ['C.2.4: an indexed field', '82', [':method', 'GET']],
  ])('reads RFC 7541, %s', (_name, block, fields) => {
    expect(decodeWith(new HpackDecoder(bounds), hex(block)).fields).toEqual(fields)
  })

  test.each([
    ['the index 0', '80'],
    ['an index beyond the table', 'be'],
    ['an index that is cut', 'ff'],
    ['an index above 2^28', 'ffff ffff ff7f'],
    ['a name that is cut', '0005 6162'],
    ['a value that is missing', '0001 61'],
    ['a value that is cut', '0001 6105 61'],
    ['a table above the size that is allowed', '3fe2 1f'],
    ['a change of the table’s size after a field', '8220'],
    ['three changes of the table’s size', '2020 2082'],
    ['padding of zeroes', '0001 6181 18'],
    ['padding of eight bits', '0001 6183 1fff ff'],
    ['the symbol for the end of a string', '0001 6185 ffff ffff ff'],
  ])('refuses %s', (_name, block) => {
    expect(() => decodeWith(new HpackDecoder(bounds), hex(block))).toThrow(HpackError)
  })

  test.each([
    ['a name in upper case', ['X-A', 'b']],
    ['a name with a space', ['x a', 'b']],
    ['a name with a colon within', ['x:a', 'b']],
    ['a name that is only a colon', [':', 'b']],
    ['an empty name', ['', 'b']],
    ['a value with a line break', ['a', 'b\r\nc: d']],
    ['a value with a NUL', ['a', 'b\0']],
    ['a value that starts with a space', ['a', ' b']],
    ['a value that ends with a tab', ['a', 'b\t']],
  ])('finds %s malformed, each time it is indexed', (_name, [name, value]) => {
    const decoder = new HpackDecoder(bounds)
    const literal = Buffer.concat([
      Buffer.from([0x40, name!.length]),
      Buffer.from(name!),
      Buffer.from([value!.length]),
      Buffer.from(value!),
    ])
    expect(decodeWith(decoder, literal).isMalformed).toBe(true)
    expect(decodeWith(decoder, hex('be')).isMalformed).toBe(true)
    expect(decodeWith(decoder, hex('82')).isMalformed).toBe(false)
  })

  test('keeps its table in step through a list that is too large', () => {
    const decoder = new HpackDecoder({ ...bounds, listBytes: 200 })
    const large = Buffer.concat([hex('4001 617f 21'), Buffer.alloc(160, 'a'), hex('4001 6201 63')])
    expect(decodeWith(decoder, large)).toMatchObject({ isTooLarge: true })
    expect(decodeWith(decoder, hex('be')).fields).toEqual(['b', 'c'])
  })

  test('stops at the number of fields', () => {
    const decoder = new HpackDecoder({ ...bounds, fields: 3 })
    expect(decodeWith(decoder, hex('828282'))).toMatchObject({ isTooLarge: false })
    expect(decodeWith(decoder, hex('82828282'))).toMatchObject({ isTooLarge: true })
  })

  test('empties its table for a field that is larger', () => {
    const decoder = new HpackDecoder({ ...bounds, tableBytes: 64 })
    decodeWith(decoder, hex('4001 6101 62'))
    decodeWith(decoder, Buffer.concat([hex('4001 6140'), Buffer.alloc(64, 'b')]))
    expect(() => decodeWith(decoder, hex('be'))).toThrow(HpackError)
  })
})

describe('the encoder', () => {
  const response = ['content-type', 'text/html; charset=utf-8', 'x-own', 'same each time']

  test('writes a field in one byte once its value has come twice', () => {
    const encoder = new HpackEncoder(4096)
    const decoder = new HpackDecoder(bounds)
    const sizes = Array.from({ length: 4 }, () => {
      const block = encodeWith(encoder, [':status', '200', ...response])
      expect(decodeWith(decoder, block).fields).toEqual([':status', '200', ...response])
      return block.length
    })
    expect(sizes.slice(2)).toEqual([3, 3])
  })

  test('never puts credentials and cookies into the table', () => {
    const encoder = new HpackEncoder(4096)
    const fields = ['cookie', 'a=1', 'authorization', 'Basic x', 'set-cookie', 'b=2']
    const sizes = Array.from({ length: 4 }, () => encodeWith(encoder, fields).length)
    expect(new Set(sizes).size).toBe(1)
    expect(encodeWith(encoder, ['cookie', 'a=1'])[0]! & 0xf0).toBe(0x10)
  })

  test('announces a smaller table and its growth before the next block', () => {
    const encoder = new HpackEncoder(4096)
    const decoder = new HpackDecoder(bounds)
    for (let turn = 0; turn < 3; turn += 1) decodeWith(decoder, encodeWith(encoder, response))
    encoder.resize(0)
    encoder.resize(2048)
    const block = encodeWith(encoder, response)
    expect(block.subarray(0, 4)).toEqual(hex('20 3fe1 0f'))
    expect(decodeWith(decoder, block).fields).toEqual(response)
  })

  test('refuses octets that HTTP/2 forbids', () => {
    expect(mostEncodedBytes(['a', 'b\r\nc'])).toBe(-1)
    expect(mostEncodedBytes(['a', 'b\0'])).toBe(-1)
    expect(mostEncodedBytes(['a', '\u{10a}'])).toBe(-1)
    expect(mostEncodedBytes(['a\n', 'b'])).toBe(-1)
  })
})

const anyName = fc.constantFrom(
  ':status',
  'etag',
  'vary',
  'x-a',
  'x-b',
  'set-cookie',
  'x-long-name-of-a-field',
)
const anyValue = fc.oneof(
  fc.constantFrom('', 'a', 'text/html', 'x'.repeat(300), 'y'.repeat(2_000)),
  fc.string({
    unit: fc
      .integer({ min: 0x21, max: 0xff })
      .filter((code) => code !== 0x7f)
      .map((code) => String.fromCharCode(code)),
    maxLength: 60,
  }),
)
const anyFields = fc.array(fc.tuple(anyName, anyValue), { maxLength: 12 }).map((list) => list.flat())

test('the decoder reads whatever the encoder writes, whatever sizes the table had', () => {
  const step = fc.record({
    size: fc.option(fc.constantFrom(0, 64, 200, 1_000, 4_096, 10_000)),
    fields: anyFields,
  })
  fc.assert(
    fc.property(fc.array(step, { maxLength: 20 }), (steps) => {
      const encoder = new HpackEncoder(4096)
      const decoder = new HpackDecoder(bounds)
      for (const { size, fields } of steps) {
        if (size !== null) encoder.resize(size)
        expect(decodeWith(decoder, encodeWith(encoder, fields)).fields).toEqual(fields)
      }
    }),
  )
})

test('Huffman code of any octets reads back', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), (octets) => {
      const text = Buffer.from(octets).toString('latin1')
      const coded = Buffer.alloc(huffmanLength(text))
      expect(writeHuffman(coded, 0, text)).toBe(coded.length)
      const read = Buffer.alloc(2 * coded.length)
      expect(read.toString('latin1', 0, readHuffman(coded, 0, coded.length, read))).toBe(text)
    }),
  )
})

test('the decoder ends on any bytes with fields or an HpackError', () => {
  fc.assert(
    fc.property(fc.array(fc.uint8Array({ maxLength: 60 }), { maxLength: 8 }), (blocks) => {
      const decoder = new HpackDecoder(bounds)
      try {
        for (const block of blocks) decodeWith(decoder, Buffer.from(block))
      } catch (error) {
        expect(error).toBeInstanceOf(HpackError)
      }
    }),
  )
})
