import type { Socket } from 'node:net'
import { afterEach, describe, expect, test } from 'vitest'
import { edgeWithOrigin } from '../../../support/edge/edge-with-origin.ts'
import { connectPlain, exchangeBytes } from '../../../support/edge/edge.ts'
import { openIdle } from '../../../support/edge/idle-connections.ts'
import { startOrigin } from '../../../support/edge/origin.ts'

const request = 'GET /now HTTP/1.1\r\nHost: shop.test\r\nConnection: close\r\n\r\n'
const waits = { timeout: 20_000 }

describe('connections that ask for nothing', () => {
  const held: (() => void)[] = []
  const edge = edgeWithOrigin(
    () =>
      startOrigin((incoming, response) => {
        if (incoming.url === '/held') held.push(() => response.end('late'))
        else response.end('served')
      }),
    { limits: { clientConnections: 8 } },
  )
  const sockets: Socket[] = []
  afterEach(() => {
    for (const socket of sockets.splice(0)) socket.destroy()
  })
  const keep = <S extends Socket>(socket: S): S => {
    sockets.push(socket)
    return socket
  }

  test.each([
    ['nothing', ''],
    ['a half head', 'GET / HTTP/1.1\r\nHost: sh'],
    ['a request that was answered', 'GET /now HTTP/1.1\r\nHost: shop.test\r\n\r\n'],
  ])('over HTTP give way to a newcomer, after they have sent %s', async (_what, first) => {
    sockets.push(...(await openIdle(edge.http, 20, first)))
    for (let time = 0; time < 3; time += 1)
      expect(await exchangeBytes(await connectPlain(edge.http), request)).toContain('served')
  })

  test.each(['http/1.1', 'h2'])(
    'over HTTPS give way, before and after their handshake for %s',
    async (protocol) => {
      sockets.push(...(await openIdle(edge.https, 20)))
      expect(await exchangeBytes(await edge.connect(), request)).toContain('served')
      for (let at = 0; at < 20; at += 1) keep(await edge.connect({ ALPNProtocols: [protocol] })).resume()
      expect(await exchangeBytes(await edge.connect(), request)).toContain('served')
    },
  )

  test('do not end a request that waits for its origin', async () => {
    const asked = [
      exchangeBytes(await connectPlain(edge.http), request.replace('/now', '/held')),
      exchangeBytes(await edge.connect(), request.replace('/now', '/held')),
    ]
    await expect.poll(() => held.length, waits).toBe(2)
    sockets.push(...(await openIdle(edge.http, 20)), ...(await openIdle(edge.https, 20)))
    expect(await exchangeBytes(await edge.connect(), request)).toContain('served')
    for (const answer of held.splice(0)) answer()
    for (const answer of await Promise.all(asked)) expect(answer).toContain('late')
  })
})
