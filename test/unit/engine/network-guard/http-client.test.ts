import { createServer, type RequestListener, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, describe, expect, test } from 'vitest'
import { allowances, AddressRefused, type Allowance } from '../../../../src/engine/network-guard/guard.ts'
import { BodyTooLong, createGuardedClient } from '../../../../src/engine/network-guard/http-client.ts'
import { resolveAs } from '../../../support/engine/resolver.ts'

const ending: (() => void)[] = []
afterEach(() => {
  for (const end of ending.splice(0)) end()
})

/** A server of this computer that counts its connections and requests. */
async function serverHere(answer: RequestListener, host = '127.0.0.1') {
  const seen = { connections: 0, hosts: [] as (string | undefined)[] }
  const server: Server = createServer((request, response) => {
    seen.hosts.push(request.headers.host)
    answer(request, response)
  })
  server.on('connection', () => (seen.connections += 1))
  server.listen(0, host)
  await new Promise((ready) => server.once('listening', ready))
  ending.push(
    () => server.closeAllConnections(),
    () => server.close(),
  )
  return { port: (server.address() as AddressInfo).port, seen }
}

function send(url: string, allowance: Allowance, mostBytes = 1024) {
  const client = createGuardedClient(allowance)
  ending.push(() => client.close())
  const signal = AbortSignal.timeout(5_000)
  return client.send(new URL(url), { method: 'POST', headers: {}, body: 'asked', signal, mostBytes })
}

describe('A guarded request', () => {
  test.each([
    '127.0.0.1',
    'localhost',
    '[::1]',
    '[::ffff:127.0.0.1]',
    '[::ffff:7f00:1]',
    '[64:ff9b::7f00:1]',
    '0.0.0.0',
    '[::]',
    '2130706433',
    '0x7f.1',
    '0177.0.0.1',
    '127.1',
  ])('to %s reaches nobody where public addresses alone are allowed', async (host) => {
    const { port, seen } = await serverHere((_, response) => response.end('here'))
    await expect(send(`http://${host}:${port}/`, allowances.ocspResponder)).rejects.toBeInstanceOf(
      AddressRefused,
    )
    expect(seen.connections).toBe(0)
  })

  test.each(['169.254.169.254', '[fd00:ec2::254]', '[::ffff:169.254.169.254]', '100.100.100.200'])(
    'is refused to the metadata service at %s for every use',
    async (host) => {
      for (const allowance of Object.values(allowances))
        await expect(send(`http://${host}/latest/`, allowance)).rejects.toBeInstanceOf(AddressRefused)
    },
  )

  test('reaches no host whose name has any private address', async () => {
    const { port, seen } = await serverHere((_, response) => response.end('here'))
    ending.push(resolveAs({ 'ocsp.test': [['127.0.0.1', '::1', '10.0.0.1', '169.254.169.254']] }))
    await expect(send(`http://ocsp.test:${port}/`, allowances.ocspResponder)).rejects.toBeInstanceOf(
      AddressRefused,
    )
    expect(seen.connections).toBe(0)
  })

  test('connects to the address that was judged, not to one that the name gets afterwards', async () => {
    const allowed = await serverHere((_, response) => response.end('judged'))
    // The same port at another address of the loopback, where the second look-up leads.
    const other = createServer((_, response) => response.end('rebound'))
    await new Promise<void>((ready) => other.listen(allowed.port, '127.0.0.2', ready))
    ending.push(
      () => other.close(),
      () => other.closeAllConnections(),
    )
    ending.push(resolveAs({ 'rebind.test': [['127.0.0.1'], ['127.0.0.2']] }))
    const { body } = await send(`http://rebind.test:${allowed.port}/`, allowances.ownComputer)
    expect({ body: body.toString(), hosts: allowed.seen.hosts }).toEqual({
      body: 'judged',
      hosts: [`rebind.test:${allowed.port}`],
    })
  })

  test('goes to this computer for a name below localhost, whatever a resolver answers', async () => {
    const { port } = await serverHere((_, response) => response.end('here'))
    ending.push(resolveAs({ 'app.localhost': [['93.184.215.14']] }))
    const { body } = await send(`http://app.localhost:${port}/`, allowances.ownComputer)
    expect(body.toString()).toBe('here')
    await expect(send(`http://app.localhost:${port}/`, allowances.ocspResponder)).rejects.toBeInstanceOf(
      AddressRefused,
    )
  })

  test('judges each look-up: a name that leads elsewhere the second time is refused then', async () => {
    const { port, seen } = await serverHere((_, response) => {
      response.writeHead(200, { connection: 'close' }).end('here')
    })
    ending.push(resolveAs({ 'rebind.test': [['127.0.0.1'], ['192.168.1.1']] }))
    await send(`http://rebind.test:${port}/`, allowances.ownComputer)
    await expect(send(`http://rebind.test:${port}/`, allowances.ownComputer)).rejects.toBeInstanceOf(
      AddressRefused,
    )
    expect(seen.connections).toBe(1)
  })

  test.each([301, 302, 303, 307, 308])('follows no redirect (%i) and says where it leads', async (status) => {
    const target = await serverHere((_, response) => response.end('target'))
    const location = `http://127.0.0.1:${target.port}/`
    const { port } = await serverHere((_, response) => response.writeHead(status, { location }).end())
    const answer = await send(`http://127.0.0.1:${port}/`, allowances.ownComputer)
    expect({ status: answer.status, location: answer.headers.location }).toEqual({ status, location })
    expect(target.seen.connections).toBe(0)
  })

  test('ends a body that is longer than is read', async () => {
    const { port } = await serverHere((_, response) => response.end(Buffer.alloc(2048)))
    await expect(send(`http://127.0.0.1:${port}/`, allowances.ownComputer)).rejects.toBeInstanceOf(
      BodyTooLong,
    )
  })
})
