import { connect } from 'node:http2'
import { describe, expect, test } from 'vitest'
import { exchangeBytes } from '../../../../support/edge/edge.ts'
import {
  endHeaders,
  endStream,
  frame,
  headerBlock,
  exchangeFrames,
} from '../../../../support/edge/http2-frames.ts'
import { okAnswer, startRecordingOrigin } from '../../../../support/edge/recording-origin.ts'
import { edgeWithOrigin } from '../../../../support/edge/edge-with-origin.ts'
import { passedMethods } from '../../../../../src/edge/worker/http/request.ts'

/** Tokens refused as methods in every version of HTTP. */
const refused = [
  'get',
  'Get',
  'post',
  'PRI',
  'FOO',
  'SOURCE',
  'DESCRIBE',
  'PLAY',
  'TRACE',
  'CONNECT',
  'GETX',
  'G',
  '*',
  "GET'",
  'A'.repeat(33),
]

const edge = edgeWithOrigin(() =>
  startRecordingOrigin(({ socket, received }) => {
    if (received.endsWith('\r\n\r\n')) socket.write(okAnswer)
  }),
)

const received = (): string => edge.origin.seen.map((connection) => connection.received).join('')

async function askHttp1(method: string): Promise<number> {
  const head = `${method} /${method} HTTP/1.1\r\nHost: shop.test\r\nContent-Length: 0\r\nConnection: close\r\n\r\n`
  return Number((await exchangeBytes(await edge.connect(), head)).split(' ')[1])
}

async function askHttp2(method: string): Promise<number> {
  const tls = await edge.connect({ ALPNProtocols: ['h2'] })
  const session = connect('https://shop.test', { createConnection: () => tls })
  session.on('error', () => undefined)
  const path = method === 'CONNECT' ? {} : { ':path': `/${method}`, ':scheme': 'https' }
  const stream = session.request(
    { ':method': method, ':authority': 'shop.test', ...path },
    { endStream: true },
  )
  const status = await new Promise<number>((resolve) => {
    stream.on('response', (headers) => resolve(headers[':status'] ?? 0))
    // A stream reset is an answer as well.
    stream.on('error', () => resolve(0))
  })
  session.destroy()
  return status
}

describe.each([
  ['HTTP/1.1', askHttp1],
  ['HTTP/2', askHttp2],
] as const)('a method over %s', (_version, ask) => {
  test.each([...passedMethods])('passes on as it is: %s', async (method) => {
    expect(await ask(method)).toBe(200)
    expect(received()).toContain(`${method} /${method} HTTP/1.1\r\n`)
  })

  test.each(refused)('is refused and reaches no origin: %s', async (method) => {
    const before = received()
    const status = await ask(method)
    expect([0, 400, 405, 501]).toContain(status)
    expect(received()).toBe(before)
  })
})

describe('a request over HTTP/2 whose method', () => {
  async function send(fields: [string, string][]): Promise<string> {
    const socket = await edge.connect({ ALPNProtocols: ['h2'] })
    const asked = frame('headers', endHeaders | endStream, 1, headerBlock(fields))
    const { frames } = await exchangeFrames(socket, asked)
    return frames
      .filter(({ stream, type }) => stream === 1 && type === 3)
      .map(({ payload }) => payload.toString('hex'))
      .join()
  }

  test.each(['GET', 'POST'])('is %s names no protocol to switch to', async (method) => {
    const before = received()
    const reset = await send([
      [':method', method],
      [':protocol', 'websocket'],
      [':scheme', 'https'],
      [':authority', 'shop.test'],
      [':path', '/'],
    ])
    // PROTOCOL_ERROR
    expect(reset).toBe('00000001')
    expect(received()).toBe(before)
  })

  test.each(['GET /x HTTP/1.1\r\nX: ', 'GET\t', ' GET', ''])(
    'is not a token is refused: %j',
    async (method) => {
      const before = received()
      await send([
        [':method', method],
        [':scheme', 'https'],
        [':authority', 'shop.test'],
        [':path', '/'],
      ])
      expect(received()).toBe(before)
    },
  )
})
