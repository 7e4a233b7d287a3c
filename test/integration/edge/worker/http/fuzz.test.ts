import fc from 'fast-check'
import type { Socket } from 'node:net'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { HttpParser } from '../../../../../src/edge/worker/http/http-parser.ts'
import {
  connectPlain,
  exchangeBytes,
  routeTo,
  startTestEdge,
  type TestEdge,
} from '../../../../support/edge/edge.ts'
import { startOrigin, startRawOrigin } from '../../../../support/edge/origin.ts'

const runs = Number(process.env['EDGE_FUZZ_RUNS'] ?? 400)

/** Messages made of the parts that matter, some of them broken, cut at any place. */
const requestPart = fc.constantFrom(
  'GET / HTTP/1.1\r\n',
  'POST /a HTTP/1.1\r\n',
  'HEAD / HTTP/1.0\r\n',
  'OPTIONS * HTTP/1.1\r\n',
  'PUT http://h.test/ HTTP/1.1\r\n',
  'Host: h.test\r\n',
  'Host: h.test:80\r\n',
  'Host: other.test\r\n',
  'Content-Length: 5\r\n',
  'Content-Length: 0\r\n',
  'Content-Length: 5\r\n',
  'Transfer-Encoding: chunked\r\n',
  'Transfer-Encoding: xchunked\r\n',
  'Connection: close\r\n',
  'Connection: x-a, upgrade\r\n',
  'Upgrade: websocket\r\n',
  'Expect: 100-continue\r\n',
  'TE: trailers\r\n',
  'X-A: b\r\n',
  'X-A:\r\n',
  'X A: b\r\n',
  ' folded\r\n',
  'X-B: a\tb\r\n',
  '\r\n',
  '\r\n',
  '\r\n\r\n',
  '\n',
  '\r',
  'hello',
  '5\r\nhello\r\n',
  '5;x=y\r\nhello\r\n',
  '0\r\n\r\n',
  '0\r\nT: v\r\n\r\n',
  '00000005\r\n',
  '\0',
  '\xff',
  ': ',
)
const responsePart = fc.constantFrom(
  'HTTP/1.1 200 OK\r\n',
  'HTTP/1.0 200 OK\r\n',
  'HTTP/1.1 204 No Content\r\n',
  'HTTP/1.1 304 Not Modified\r\n',
  'HTTP/1.1 100 Continue\r\n\r\n',
  'HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n',
  'HTTP/1.1 101 Switching Protocols\r\n\r\n',
  'HTTP/1.1 500\r\n',
  'HTTP/9.9 200 OK\r\n',
  'Content-Length: 5\r\n',
  'Content-Length: 0\r\n',
  'Transfer-Encoding: chunked\r\n',
  'Transfer-Encoding: gzip\r\n',
  'Connection: close\r\n',
  'Connection: x-a\r\n',
  'X-A: b\r\n',
  'X-A:\r\n',
  ' folded\r\n',
  'Set-Cookie: a=b\r\n',
  '\r\n',
  '\r\n',
  '\r\n\r\n',
  '\n',
  '\r',
  'hello',
  'hello',
  '5\r\nhello\r\n',
  '0\r\n\r\n',
  '0\r\nT: v\r\n\r\n',
  'zz\r\n',
  '\0',
  '\xff',
)
const message = (start: string, part: fc.Arbitrary<string>) =>
  fc
    .tuple(
      fc.boolean(),
      fc.array(fc.oneof({ weight: 12, arbitrary: part }, fc.string({ unit: 'binary', maxLength: 6 })), {
        maxLength: 14,
      }),
      fc.integer({ min: 1, max: 80 }),
    )
    .map(([isWhole, parts, cut]) => {
      const bytes = Buffer.from((isWhole ? start : '') + parts.join(''), 'latin1')
      return [bytes.subarray(0, cut), bytes.subarray(cut)]
    })

describe('arbitrary bytes', () => {
  let edge: TestEdge
  const closers: (() => unknown)[] = []
  let malformed = 0
  let answer: Buffer[] = []

  beforeAll(async () => {
    const judge = await startOrigin((request, response) =>
      request.resume().on('end', () => response.end('ok')),
    )
    // Node's own parser checks that every request passed on is well-formed.
    judge.server.on('clientError', (error: NodeJS.ErrnoException, socket: Socket) => {
      if (error.code?.startsWith('HPE_') && error.code !== 'HPE_INVALID_EOF_STATE') malformed += 1
      socket.destroy()
    })
    const liar = await startRawOrigin((socket: Socket) =>
      socket.once('data', () => {
        for (const piece of answer) socket.write(piece)
        socket.end()
      }),
    )
    edge = await startTestEdge(
      [
        routeTo(judge.port, { domain: 'h.test', certificateId: null }),
        routeTo(liar.port, { domain: 'liar.test', certificateId: null }),
      ],
      {
        limits: {
          headMs: 250,
          keepAliveMs: 250,
          bodyPauseMs: 250,
          responseMs: 250,
          responsePauseMs: 250,
          tunnelIdleMs: 250,
          lingerMs: 40,
        },
      },
    )
    closers.push(() => edge.close(), judge.close, liar.close)
  })
  afterAll(async () => {
    for (const close of closers) await close()
  })

  /** Whether `text` is a row of well-formed responses; the last may have been cut. */
  function isWellFormed(text: string, isHead: boolean): boolean {
    const parser = new HttpParser('response', { headBytes: 100_000, headerFields: 300 })
    try {
      let rest = Buffer.from(text, 'latin1')
      while (rest.length > 0) {
        const step = parser.execute(rest)
        if (step === 'refused') return false
        rest = rest.subarray(parser.consumed)
        if (step !== 'head') continue
        const { status } = parser.head
        const headers = parser.head.headers.list()
        const field = (name: string) =>
          headers[headers.findIndex((text, at) => at % 2 === 0 && text.toLowerCase() === name) + 1]
        const hasField = (name: string) =>
          headers.some((text, at) => at % 2 === 0 && text.toLowerCase() === name)
        if (status === 101) return true
        const hasBody = !isHead && status >= 200 && status !== 204 && status !== 304
        if (hasBody && hasField('transfer-encoding')) {
          parser.expectBody()
          continue
        }
        parser.expectMessage()
        if (!hasBody) continue
        if (!hasField('content-length')) return true
        rest = rest.subarray(Math.min(rest.length, Number(field('content-length'))))
      }
      return true
    } finally {
      parser.close()
    }
  }

  test('never become a malformed request to the origin', { timeout: 120_000 }, async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(message('POST / HTTP/1.1\r\nHost: h.test\r\n', requestPart), {
          minLength: 20,
          maxLength: 20,
        }),
        async (batch) => {
          await Promise.all(
            batch.map(async (pieces) => exchangeBytes(await connectPlain(edge.http), pieces, 2_000)),
          )
          expect(malformed).toBe(0)
        },
      ),
      { numRuns: Math.ceil(runs / 20), endOnFailure: true },
    )
  })

  test('never become a malformed response to the client', { timeout: 120_000 }, async () => {
    await fc.assert(
      fc.asyncProperty(
        message('HTTP/1.1 200 OK\r\n', responsePart),
        fc.constantFrom('GET', 'HEAD'),
        async (pieces, method) => {
          answer = pieces
          const text = await exchangeBytes(
            await connectPlain(edge.http),
            `${method} / HTTP/1.1\r\nHost: liar.test\r\nConnection: close\r\n\r\n`,
            2_000,
          )
          expect(isWellFormed(text, method === 'HEAD')).toBe(true)
          expect(text).toMatch(/^HTTP\/1\.1 \d{3} /)
        },
      ),
      { numRuns: runs, endOnFailure: true },
    )
  })
})
