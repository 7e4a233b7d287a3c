import { once } from 'node:events'
import { connect } from 'node:tls'
import { expect, onTestFinished, test } from 'vitest'
import { openTestEngine, testEdge } from '../../../../support/engine/engine.ts'
import { freePort } from '../../../../support/free-port.ts'
import { dayMs, jumpingClock } from '../../../../support/engine/jumping-clock.ts'

test.each([
  ['a sleep of 40 days', -40],
  ['a clock that was 40 days ahead', 40],
])('the certificate of the ACME server is replaced in the first handshake after %s', async (_what, days) => {
  const clock = jumpingClock(days * dayMs)
  const { client, close } = await openTestEngine(undefined, clock.now, testEdge)
  onTestFinished(close)
  const port = await freePort()
  await client.acmeServer.set({ enabled: true, port })
  const ca = (await client.authority.get())?.root.pem
  const certificate = async () => {
    const socket = connect({
      port,
      host: '127.0.0.1',
      servername: 'localhost',
      ca,
      rejectUnauthorized: false,
    })
    await once(socket, 'secureConnect')
    const { authorized, authorizationError } = socket
    const { fingerprint256 } = socket.getPeerX509Certificate()!
    socket.destroy()
    return { authorized, reason: String(authorizationError), fingerprint256 }
  }
  expect((await certificate()).reason).toMatch(/CERT_(HAS_EXPIRED|NOT_YET_VALID)/)
  clock.jumpTo(0)
  const [one, other] = await Promise.all([certificate(), certificate()])
  expect(one).toMatchObject({ authorized: true, fingerprint256: other?.fingerprint256 })
  expect((await certificate()).fingerprint256).toBe(one?.fingerprint256)
})
