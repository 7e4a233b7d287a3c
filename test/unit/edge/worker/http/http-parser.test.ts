import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { HttpParser, type MessageHead } from '../../../../../src/edge/worker/http/http-parser.ts'

const limits = { headBytes: 4_096, headerFields: 16 }

interface Parsed {
  heads: MessageHead[]
  bodies: string[]
  trailers: string[][]
  refusal: string | null
}

/** Feeds `pieces` one by one, as a connection would, and stops at a refusal. */
function parse(kind: 'request' | 'response', pieces: Buffer[], use = limits): Parsed {
  const parser = new HttpParser(kind, use)
  const parsed: Parsed = { heads: [], bodies: [], trailers: [], refusal: null }
  try {
    for (const piece of pieces) {
      for (let rest = piece; rest.length > 0; rest = rest.subarray(parser.consumed)) {
        const step = parser.execute(rest)
        for (const part of parser.body) parsed.bodies[parsed.heads.length - 1] += part.toString('latin1')
        if (step === 'refused') return { ...parsed, refusal: parser.refusal }
        if (step === 'end') parsed.trailers.push(parser.trailers)
        if (step !== 'head') continue
        parsed.heads.push(parser.head)
        parsed.bodies.push('')
        if (isChunked(parser.head)) parser.expectBody()
        else parser.expectMessage()
      }
    }
    return parsed
  } finally {
    parser.close()
  }
}

function isChunked({ headers }: MessageHead): boolean {
  return headers.list().some((text, at) => at % 2 === 0 && text.toLowerCase() === 'transfer-encoding')
}

function split(text: string, sizes: number[]): Buffer[] {
  const bytes = Buffer.from(text, 'latin1')
  const pieces: Buffer[] = []
  let from = 0
  for (let turn = 0; from < bytes.length; turn += 1) {
    const to = from + (sizes[turn % sizes.length] ?? bytes.length)
    pieces.push(bytes.subarray(from, to))
    from = to
  }
  return pieces
}

const conversation =
  'GET /first?q=1 HTTP/1.1\r\nHost: a.test\r\nEmpty:\r\nSpaces:  x  \r\n\r\n' +
  'POST /second HTTP/1.1\r\nHost: a.test\r\nTransfer-Encoding: chunked\r\n\r\n' +
  '5;name="va;lue"\r\nhello\r\n6\r\n world\r\n0\r\nX-Sum: 1\r\nX-Empty:\r\n\r\n' +
  'GET /third HTTP/1.0\r\n\r\n'

describe('HttpParser', () => {
  test('reads heads, chunked bodies and trailers of requests that follow each other', () => {
    const { heads, bodies, trailers, refusal } = parse('request', [Buffer.from(conversation)])
    expect(refusal).toBeNull()
    expect(
      heads.map(({ method, target, minorVersion, keepAlive }) => [method, target, minorVersion, keepAlive]),
    ).toEqual([
      ['GET', '/first?q=1', 1, true],
      ['POST', '/second', 1, true],
      ['GET', '/third', 0, false],
    ])
    expect(heads[0]?.headers.list()).toEqual(['Host', 'a.test', 'Empty', '', 'Spaces', 'x  '])
    expect(bodies).toEqual(['', 'hello world', ''])
    expect(trailers).toEqual([['X-Sum', '1', 'X-Empty', '']])
  })

  test('reads the same however the bytes are cut', () => {
    const whole = parse('request', [Buffer.from(conversation)])
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 20 }), (sizes) => {
        expect(parse('request', split(conversation, sizes))).toEqual(whole)
      }),
      { numRuns: 200 },
    )
  })

  test('reads responses with and without a reason', () => {
    const text = 'HTTP/1.1 200 Very Fine\r\nA: b\r\n\r\nHTTP/1.1 204\r\n\r\n'
    for (const size of [1, 1_000]) {
      const { heads } = parse('response', split(text, [size]))
      expect(heads.map(({ status, reason }) => [status, reason])).toEqual([
        [200, 'Very Fine'],
        [204, ''],
      ])
    }
  })

  test('keeps bytes above ASCII as they are', () => {
    const { heads } = parse('request', [Buffer.from('GET / HTTP/1.1\r\nX: \xe9\xff\r\n\r\n', 'latin1')])
    expect(heads[0]?.headers.list()).toEqual(['X', '\xe9\xff'])
  })

  test('gives body pieces as views of its input', () => {
    const parser = new HttpParser('request', limits)
    const head = Buffer.from('POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n')
    expect(parser.execute(head)).toBe('head')
    parser.expectBody()
    const body = Buffer.from('3\r\nabc\r\n')
    parser.execute(body)
    expect(parser.body[0]?.buffer).toBe(body.buffer)
    parser.close()
  })

  test('reads a body larger than its own memory in several steps', () => {
    const size = 1_000_000
    const text = `POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n${size.toString(16)}\r\n${'x'.repeat(size)}\r\n0\r\n\r\n`
    const { bodies, trailers } = parse('request', [Buffer.from(text)])
    expect(bodies[0]).toHaveLength(size)
    expect(trailers).toEqual([[]])
  })

  test.each([
    ['too long', `GET / HTTP/1.1\r\nX: ${'x'.repeat(5_000)}\r\n\r\n`],
    ['of too many fields', `GET / HTTP/1.1\r\n${'a: b\r\n'.repeat(17)}\r\n`],
    [
      'of too many trailers',
      `POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n${'a: b\r\n'.repeat(17)}\r\n`,
    ],
    [
      'all extensions',
      `POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n${`1;${'x'.repeat(200)}\r\na\r\n`.repeat(1_000)}`,
    ],
  ])('refuses what is %s, however it is cut', (_name, text) => {
    for (const size of [1, 7, 1_000_000]) {
      expect(parse('request', split(text, [size])).refusal).toMatch(/too|framing/)
    }
  })

  test('takes a body of many small chunks', () => {
    const chunks = '1\r\na\r\n'.repeat(50_000)
    const text = `POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n${chunks}0\r\n\r\n`
    const { bodies, refusal } = parse('request', split(text, [1_460]))
    expect(refusal).toBeNull()
    expect(bodies[0]).toHaveLength(50_000)
  })

  test('neither throws nor hangs on arbitrary bytes, and never reads past them', () => {
    const words = fc.constantFrom(
      'GET ',
      'POST ',
      '/',
      ' HTTP/1.1\r\n',
      'HTTP/1.1 200 OK\r\n',
      'Host: a\r\n',
      'Content-Length: 3\r\n',
      'Transfer-Encoding: chunked\r\n',
      '\r\n',
      '\r',
      '\n',
      ' ',
      ':',
      '0\r\n\r\n',
      '3\r\nabc\r\n',
      'ffffffff\r\n',
      ';',
      '\0',
    )
    const bytes = fc.array(
      fc.oneof({ weight: 8, arbitrary: words }, fc.string({ unit: 'binary', maxLength: 8 })),
      { maxLength: 30 },
    )
    fc.assert(
      fc.property(
        bytes,
        fc.integer({ min: 1, max: 64 }),
        fc.constantFrom('request' as const, 'response' as const),
        (parts, size, kind) => {
          const text = parts.join('')
          const cut = parse(kind, split(text, [size]))
          const whole = parse(kind, [Buffer.from(text, 'latin1')])
          expect(cut.heads).toEqual(whole.heads)
          expect(cut.bodies).toEqual(whole.bodies)
          expect(cut.refusal === null).toBe(whole.refusal === null)
        },
      ),
      { numRuns: 2_000 },
    )
  })
})
