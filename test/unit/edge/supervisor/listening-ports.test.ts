import { expect, test } from 'vitest'
import { ListeningPorts, seenAgain } from '../../../../src/edge/supervisor/listening-ports.ts'

const listen = { addresses: ['127.0.0.1'], httpsPort: 443, httpPort: 80 }
const refused = (port: number) => ({ type: 'listen-failed' as const, code: 'EACCES', port })

test('a start on ports that need privileges falls to ones that need none', async () => {
  const ports = new ListeningPorts({ listen, portTaken: 'next', inForce: undefined })
  await ports.makeWay(refused(443))
  await ports.makeWay(refused(80))
  const { httpsPort, httpPort } = ports.request
  expect([httpsPort, httpPort].every((port) => port >= 8080 && port < 8600)).toBe(true)
  expect(httpsPort).toBeGreaterThanOrEqual(8443)
  expect(ports.wanted).toEqual({ httpsPort: 443, httpPort: 80 })
})

test('one that must not fall is refused, and the error offers a port', async () => {
  const ports = new ListeningPorts({ listen, portTaken: 'fail', inForce: undefined })
  await expect(ports.makeWay(refused(443))).rejects.toMatchObject({
    code: 'edge.port_forbidden',
    data: { port: 443, listener: 'https', nextFreePort: expect.any(Number) as number },
  })
})

test('a listener on its own port is neither taken nor forbidden', async () => {
  const listener = {
    ...{ port: 8443, wantedPort: 8443, addresses: ['127.0.0.1'] },
    ...{ isTaken: false, isForbidden: false, takenBy: null },
  }
  expect(await seenAgain(listener)).toBe(listener)
})
