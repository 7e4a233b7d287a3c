import { once } from 'node:events'
import { createServer } from 'node:http2'
import { connect, type AddressInfo } from 'node:net'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { frameTypes } from '../../../../../src/edge/worker/http2-protocol/codes.ts'
import { keepSession } from '../../../../../src/engine/domains/keep-session.ts'
import { startCollector, type Collector } from '../../../../support/processes/collect-garbage.ts'
import { exchangeBytes, routeTo } from '../../../../support/edge/edge.ts'
import { startRawOrigin } from '../../../../support/edge/origin.ts'
import { endHeaders, frame, headerBlock, preface, readFrames } from '../../../../support/edge/http2-frames.ts'
import { startEdgeWithOrigin } from '../../../../support/edge/edge-with-origin.ts'

/*
 * A block of fields that is not ended, and then a frame that breaks the protocol: Node frees the stream in the
 * next turn, and aborted the process where a collection took the session before that (nodejs/node#39951).
 */

let collector: Collector

beforeEach(async () => {
  collector = await startCollector()
})
afterEach(() => collector.close())

const fields = headerBlock([
  ['x-a', 'b'.repeat(50)],
  ['x-b', 'c'.repeat(60)],
])
const clientPreface = 24
/** DATA within a block of fields. */
const broken = frame('data', 0, 1, Buffer.alloc(5))

test('an origin that breaks off within the fields of its answers ends these requests alone', async () => {
  const edge = await startEdgeWithOrigin(
    () =>
      startRawOrigin((socket) => {
        socket.write(frame('settings', 0, 0))
        let received = Buffer.alloc(0)
        socket.on('data', (bytes: Buffer) => {
          received = Buffer.concat([received, bytes])
          if (!readFrames(received.subarray(clientPreface)).some(({ type }) => type === frameTypes.headers))
            return
          const head = Buffer.concat([headerBlock([[':status', '200']]), fields])
          socket.write(Buffer.concat([frame('headers', 0, 1, head), broken]))
          collector.collectBetweenReads()
        })
      }),
    { routes: (port) => [routeTo(port, { origin: { protocol: 'h2c' } })] },
  )
  const get = 'GET / HTTP/1.1\r\nHost: shop.test\r\nConnection: close\r\n\r\n'
  for (let request = 0; request < 4; request += 1)
    expect(await exchangeBytes(await edge.connect(), get)).toMatch(/^HTTP\/1\.1 502 /)
  expect(edge.faults).toEqual([])
})

test('a client that breaks off within its trailers ends its connection alone', async () => {
  let requests = 0
  const server = createServer()
  server.on('session', (session) => {
    keepSession(session)
    session.on('error', () => undefined)
  })
  server.on('stream', (stream) => {
    requests += 1
    stream.on('error', () => undefined).resume()
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  for (let connection = 0; connection < 6; connection += 1) {
    const socket = connect((server.address() as AddressInfo).port, '127.0.0.1')
    socket.on('error', () => undefined).resume()
    const head = headerBlock([
      [':method', 'POST'],
      [':scheme', 'http'],
      [':path', '/'],
      [':authority', 'shop.test'],
    ])
    socket.write(Buffer.concat([preface, frame('headers', endHeaders, 1, head)]))
    await expect.poll(() => requests).toBe(connection + 1)
    const closed = once(socket, 'close')
    socket.write(Buffer.concat([frame('headers', 1, 1, fields), broken]))
    collector.collectBetweenReads()
    await closed
  }
  server.close()
})
