import type { Socket } from 'node:net'
import { afterAll, describe, expect, test } from 'vitest'
import type { ServerOrigin } from '../../../src/contract/domains/origins.ts'
import { probeOrigin } from '../../../src/engine/domains/probe-origin.ts'
import { startRawOrigin } from '../../support/edge/origin.ts'
import { originAt } from '../../support/engine/engine.ts'

const closers: (() => void)[] = []
// Closes at the end: the tests run in parallel and share these.
afterAll(() => {
  for (const close of closers.splice(0)) close()
})

/** Sends a piece again and again, so that the connection is never silent. */
async function dripping(first: Buffer | string, piece: Buffer | string): Promise<number> {
  const origin = await startRawOrigin((socket: Socket) => {
    socket.write(first)
    const timer = setInterval(() => socket.write(piece), 200)
    socket.on('close', () => clearInterval(timer))
    socket.on('error', () => clearInterval(timer))
    socket.resume()
  })
  closers.push(() => origin.close())
  return origin.port
}

const settings = Buffer.from('000000040000000000', 'hex')
const ping = Buffer.from('0000080600000000000000000000000000', 'hex')
const slow: [name: string, first: Buffer | string, piece: Buffer | string, wish: Partial<ServerOrigin>][] = [
  ['a head that never ends', 'HTTP/1.1 200 OK\r\n', 'x: y\r\n', {}],
  ['interim answers without end', '', 'HTTP/1.1 103 Early Hints\r\n\r\n', {}],
  ['pings and no answer', settings, ping, { protocol: 'h2c' }],
  [
    'a handshake byte by byte',
    Buffer.from('160303400002003ffc', 'hex'),
    Buffer.from([0]),
    { protocol: 'https' },
  ],
]

describe('the test of an origin ends at the domain’s timeouts, whatever it sends:', () => {
  test.concurrent.each(slow)(
    '%s',
    async (_name, first, piece, wish) => {
      const port = await dripping(first, piece)
      const origin = { ...originAt(port), httpsPort: port, verify: false, ...wish }
      const { ok, seen } = await probeOrigin(origin, 'shop.test', {
        anchors: () => [],
        timeouts: { connectSeconds: 1, responseSeconds: 1 },
      })
      expect(ok).toBe(false)
      expect(seen).toMatch(/there was no (?:connection|answer) within 1 second/)
    },
    60_000,
  )
})
