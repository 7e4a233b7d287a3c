import { once } from 'node:events'
import type { Socket } from 'node:net'
import { connect as connectHttp2 } from 'node:http2'
import { beforeEach, describe, expect, test } from 'vitest'
import { fuzzEdge } from '../../../support/edge/fuzz/fuzz-edge.ts'
import { type EdgeWithOrigin, startEdgeWithOrigin } from '../../../support/edge/edge-with-origin.ts'
import { exchangeBytes } from '../../../support/edge/edge.ts'
import { startRawOrigin } from '../../../support/edge/origin.ts'

/*
 * A fault of ours is planted where the edge tells what it has done. It comes up in a listener of a socket or a
 * stream, where Node would end the process: it has to end that exchange alone and be told.
 */

let edge: EdgeWithOrigin<{ port: number; close(): void }>
let asked: () => void

beforeEach(async () => {
  const answer = (socket: Socket) =>
    socket.on('data', (chunk: Buffer) => {
      asked?.()
      if (!chunk.toString().includes('/silent'))
        socket.write('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok')
    })
  edge = await startEdgeWithOrigin(() => startRawOrigin(answer), {
    observer: {
      handshake: () => undefined,
      exchangeEnded: ({ target }) => {
        if (target === '/silent') throw new Error('a planted fault')
      },
    },
  })
})

async function expectContained(): Promise<void> {
  await expect.poll(() => edge.faults.join()).toContain('a planted fault')
  const get = 'GET / HTTP/1.1\r\nHost: shop.test\r\nConnection: close\r\n\r\n'
  expect(await exchangeBytes(await edge.connect(), get)).toMatch(/^HTTP\/1\.1 200 /)
}

function arrived(): Promise<void> {
  return new Promise((resolve) => (asked = resolve))
}

describe('a fault in a listener ends its exchange alone', () => {
  test('when a client of HTTP/1.1 leaves', async () => {
    const socket = await edge.connect()
    const reached = arrived()
    socket.write('GET /silent HTTP/1.1\r\nHost: shop.test\r\n\r\n')
    await reached
    socket.destroy()
    await expectContained()
  })

  test('when a stream of HTTP/2 is reset', async () => {
    const socket = await edge.connect({ ALPNProtocols: ['h2'] })
    const client = connectHttp2('https://shop.test', { createConnection: () => socket })
    client.on('error', () => undefined)
    const reached = arrived()
    const stream = client.request({ ':path': '/silent' })
    stream.on('error', () => undefined)
    await reached
    stream.close(8)
    await once(stream, 'close')
    await expectContained()
    client.destroy()
  })
})

/** The short form of `npm run conformance -- edge-fuzz`. */
test('hostile clients and origins of both protocols cause no fault and delay nobody', async () => {
  const problems: string[] = []
  const seed = Date.now() % 1_000_000
  const fuzzed = await fuzzEdge({ seed, cases: 150, seconds: 60, onProblem: (one) => problems.push(one) })
  expect(problems, `again with npm run conformance -- edge-fuzz --seed ${seed} --cases 150`).toEqual([])
  expect(fuzzed.answers.http1).toBeGreaterThan(0)
  expect(fuzzed.answers.http2).toBeGreaterThan(0)
}, 120_000)
