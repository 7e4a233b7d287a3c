import { createServer, connect as connectHttp2, type ClientHttp2Session } from 'node:http2'
import type { AddressInfo } from 'node:net'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import type { ServerOrigin } from '../../../../../src/contract/domains/origins.ts'
import type { ExchangeFacts } from '../../../../../src/edge/worker/observe/observe.ts'
import { exchangeBytes, routeTo, startTestEdge, type TestEdge } from '../../../../support/edge/edge.ts'
import { startRawOrigin } from '../../../../support/edge/origin.ts'

/*
 * Fields of HTTP/1.1 that have no place in HTTP/2, or that node:http2 refused, which the edge used before. A
 * request that is under way on the same connection has to go on.
 */

let edge: TestEdge
let client: ClientHttp2Session
const closers: (() => unknown)[] = []

beforeAll(async () => {
  edge = await startTestEdge([routeTo(1)])
  const socket = await edge.connect({ ALPNProtocols: ['h2'], servername: 'shop.test' })
  client = connectHttp2('https://shop.test', { createConnection: () => socket })
  client.on('error', () => undefined)
})
afterAll(async () => {
  client.destroy()
  await edge.close()
})
afterEach(async () => {
  for (const close of closers.splice(0)) await close()
  expect(edge.faults).toEqual([])
})

/** An origin that answers each request with `bytes`, but a request for `/slow` in two pieces with a moment between. */
async function answerWith(bytes: string, origin: Partial<ServerOrigin> = {}): Promise<void> {
  const raw = await startRawOrigin((socket) => {
    socket.on('data', (chunk: Buffer) => {
      if (!chunk.toString().startsWith('GET /slow')) return void socket.write(bytes, 'latin1')
      socket.write('HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nfirst')
      setTimeout(() => socket.write('other'), 150)
    })
  })
  closers.push(raw.close)
  edge.apply({ routes: [routeTo(raw.port, { origin })] })
}

interface Answer {
  status: number
  body: string
  raw: string[]
  interim: string[][]
  trailers: string[]
  reset: number
}

function ask(fields: Record<string, string | string[]>, trailers?: Record<string, string>): Promise<Answer> {
  const authority = `shop.test:${edge.https}`
  const hasBody = trailers !== undefined
  const stream = client.request(
    { ':path': '/', ':authority': authority, ...fields },
    { endStream: !hasBody, waitForTrailers: hasBody },
  )
  const answer: Answer = { status: 0, body: '', raw: [], interim: [], trailers: [], reset: 0 }
  stream.on('headers', (_headers, _flags, raw: string[]) => answer.interim.push(raw))
  stream.on('response', (headers, _flags, raw: string[]) => {
    answer.status = Number(headers[':status'])
    answer.raw = raw
  })
  stream.on('trailers', (_headers, _flags, raw: string[]) => (answer.trailers = raw))
  stream.setEncoding('utf8').on('data', (text: string) => (answer.body += text))
  if (hasBody) {
    stream.on('wantTrailers', () => stream.sendTrailers(trailers))
    stream.end('a body')
  }
  return new Promise((resolve) => {
    stream.on('error', () => undefined)
    stream.on('close', () => resolve({ ...answer, reset: stream.rstCode }))
  })
}

/** Sends the origin's `bytes` on over HTTP/2, while another request of the same connection is open. */
async function answerOf(bytes: string): Promise<Answer> {
  await answerWith(bytes)
  const slow = ask({ ':path': '/slow' })
  const answer = await ask({})
  expect(await slow).toMatchObject({ status: 200, body: 'firstother' })
  return answer
}

const whole = 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok'
const chunkedWith = (trailers: string) =>
  `HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n${trailers}\r\n`

describe('a response of an HTTP/1.1 origin to an HTTP/2 client', () => {
  test.each([
    'HTTP2-Settings: AAMAAABk',
    'Connection: x',
    'Keep-Alive: 5',
    'TE: gzip',
    'Proxy-Connection: x',
  ])('a head loses %s, which belongs to a connection of HTTP/1.1', async (line) => {
    const answer = await answerOf(`HTTP/1.1 200 OK\r\n${line}\r\nX-Own: 1\r\nContent-Length: 2\r\n\r\nok`)
    expect(answer).toMatchObject({ status: 200, body: 'ok' })
    expect(answer.raw).toContain('x-own')
    expect(answer.raw).not.toContain(line.split(':')[0]!.toLowerCase())
  })

  test.each([
    ['HTTP2-Settings: AAMAAABk\r\n', []],
    ['ETag: "a"\r\nETag: "b"\r\n', ['etag', '"a"', 'etag', '"b"']],
    ['User-Agent: a\r\nUser-Agent: b\r\n', ['user-agent', 'a', 'user-agent', 'b']],
    ['X-Sum: 1\r\nX-Sum: 2\r\n', ['x-sum', '1', 'x-sum', '2']],
    ['__proto__: a\r\nconstructor: b\r\n', ['__proto__', 'a', 'constructor', 'b']],
  ])('trailers %j arrive as %j', async (lines, trailers) => {
    const answer = await answerOf(chunkedWith(lines))
    expect(answer).toMatchObject({ status: 200, body: 'ok', reset: 0 })
    expect(answer.trailers).toEqual(trailers)
  })

  test.each(['600', '999', '000', '099'])('a status of %s is answered with 502', async (status) => {
    const answer = await answerOf(`HTTP/1.1 ${status} Odd\r\nContent-Length: 2\r\n\r\nok`)
    expect(answer.status).toBe(502)
    expect(answer.body).toContain('not a valid HTTP response')
  })

  test.each([
    ['a field of HTTP/1.1 alone', 'HTTP2-Settings: AAMAAABk\r\nLink: </a>\r\n', ['link', '</a>']],
    ['a field twice of which there is but one', 'ETag: "a"\r\nETag: "b"\r\n', ['etag', '"a"', 'etag', '"b"']],
    ['links in two lines', 'Link: </a>\r\nLink: </b>\r\n', ['link', '</a>', 'link', '</b>']],
  ])('a 103 with %s is passed on as far as HTTP/2 has it', async (_what, lines, passed) => {
    const answer = await answerOf(`HTTP/1.1 103 Early Hints\r\n${lines}\r\n${whole}`)
    expect(answer).toMatchObject({ status: 200, body: 'ok' })
    expect(answer.interim).toEqual([[':status', '103', ...passed]])
  })

  test('a 101 that was not asked for is answered with 502', async () => {
    expect((await answerOf('HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\n\r\n')).status).toBe(502)
  })

  test('a head with repeated fields, as such origins send, is passed on as it is', async () => {
    const answer = await answerOf(
      'HTTP/1.1 200 OK\r\nETag: "a"\r\nETag: "b"\r\nSet-Cookie: a=1\r\nSet-Cookie: b=2\r\nContent-Length: 2\r\n\r\nok',
    )
    expect(answer.raw.filter((text) => text === 'etag' || text === 'set-cookie')).toHaveLength(4)
  })
})

test.each(['600', '999', '099'])('a status of %s is 502 for a client of HTTP/1.1 too', async (status) => {
  await answerWith(`HTTP/1.1 ${status} Odd\r\nContent-Length: 2\r\n\r\nok`)
  const socket = await edge.connect()
  const answer = await exchangeBytes(socket, 'GET / HTTP/1.1\r\nHost: shop.test\r\nConnection: close\r\n\r\n')
  expect(answer).toMatch(/^HTTP\/1\.1 502 /)
})

describe('a request of a client to an HTTP/2 origin', () => {
  async function echoTrailers(): Promise<string[][]> {
    const seen: string[][] = []
    const server = createServer()
    server.on('stream', (stream, _headers, _flags, raw) => {
      seen.push(raw as string[])
      stream.on('trailers', (_trailers, _trailerFlags, rawTrailers) => seen.push(rawTrailers as string[]))
      stream.on('error', () => undefined)
      stream.resume()
      stream.on('end', () => {
        if (stream.destroyed) return
        stream.respond({ ':status': 200 })
        stream.end('done')
      })
    })
    server.listen(0, '127.0.0.1')
    closers.push(() => server.close())
    await new Promise((resolve) => server.once('listening', resolve))
    edge.apply({
      routes: [routeTo((server.address() as AddressInfo).port, { origin: { protocol: 'h2c' } })],
    })
    return seen
  }

  test.each([
    ['HTTP2-Settings: AAMAAABk\r\n', []],
    ['ETag: "a"\r\nETag: "b"\r\n', ['etag', '"a"', 'etag', '"b"']],
    ['__proto__: a\r\n', ['__proto__', 'a']],
  ])('trailers %j arrive as %j', async (lines, trailers) => {
    const seen = await echoTrailers()
    const socket = await edge.connect()
    const answer = await exchangeBytes(
      socket,
      'POST / HTTP/1.1\r\nHost: shop.test\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n' +
        `2\r\nok\r\n0\r\n${lines}\r\n`,
    )
    expect(answer).toMatch(/^HTTP\/1\.1 200 /)
    expect(seen[1] ?? []).toEqual(trailers)
  })

  test('HTTP2-Settings in a request of HTTP/1.1 goes no further', async () => {
    const seen = await echoTrailers()
    const socket = await edge.connect()
    const answer = await exchangeBytes(
      socket,
      'GET / HTTP/1.1\r\nHost: shop.test\r\nConnection: close\r\nHTTP2-Settings: AAMAAABk\r\n\r\n',
    )
    expect(answer).toMatch(/^HTTP\/1\.1 200 /)
    expect(seen[0]).not.toContain('http2-settings')
  })

  test('a repeated field that may occur only once is passed on as it is, as to HTTP/1.1', async () => {
    const seen = await echoTrailers()
    const socket = await edge.connect()
    const answer = await exchangeBytes(
      socket,
      'GET / HTTP/1.1\r\nHost: shop.test\r\nConnection: close\r\nUser-Agent: a\r\nUser-Agent: b\r\n\r\n',
    )
    expect(answer).toMatch(/^HTTP\/1\.1 200 /)
    expect(seen[0]!.join()).toContain('user-agent,a,user-agent,b')
  })
})

describe('a fault of ours', () => {
  test('ends its exchange, is reported once, and leaves the others alone', async () => {
    let fails = true
    const faulty = await startTestEdge([], {
      observer: {
        handshake: () => undefined,
        exchangeEnded({ target }: ExchangeFacts) {
          if (fails && target === '/faulty') throw new Error('a fault to be seen')
        },
      },
    })
    try {
      const origin = await startRawOrigin((socket) => socket.on('data', () => socket.write(whole)))
      closers.push(origin.close)
      faulty.apply({ routes: [routeTo(origin.port)] })
      const get = async (path: string) =>
        exchangeBytes(
          await faulty.connect(),
          `GET ${path} HTTP/1.1\r\nHost: shop.test\r\nConnection: close\r\n\r\n`,
        )
      const [, other] = await Promise.all([get('/faulty'), get('/other')])
      expect(other).toMatch(/^HTTP\/1\.1 200 /)
      expect(faulty.faults.filter((fault) => fault.includes('a fault to be seen'))).not.toEqual([])
      fails = false
      expect(await get('/faulty')).toMatch(/^HTTP\/1\.1 200 /)
    } finally {
      fails = false
      await faulty.close()
    }
  })
})
