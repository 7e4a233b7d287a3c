import { once } from 'node:events'
import { createServer as createHttps, request } from 'node:https'
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net'
import { connect as connectTls } from 'node:tls'
import { describe, expect, onTestFinished, test } from 'vitest'
import {
  createConnectionLimit,
  limitConnections,
  type ConnectionLimit,
  type LimitOptions,
} from '../../../../src/platform/listeners/connection-limit.ts'
import { keepListening } from '../../../../src/platform/listeners/keep-listening.ts'
import { createTestAuthority, issueTestLeaf } from '../../../support/pki/certificates.ts'
import { openIdle } from '../../../support/edge/idle-connections.ts'

const waits = { timeout: 20_000 }

async function listen(server: Server): Promise<number> {
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return (server.address() as AddressInfo).port
}

/** A server that echoes, and its side of each connection in the order in which they came. */
async function start(options: LimitOptions): Promise<{
  port: number
  limit: ConnectionLimit
  accepted: Socket[]
  open(count: number): Promise<Socket[]>
}> {
  const accepted: Socket[] = []
  const server = createServer((socket) => {
    accepted.push(socket)
    socket.on('error', () => undefined).pipe(socket)
  })
  const limit = limitConnections(server, options)
  const port = await listen(server)
  onTestFinished(() => {
    limit.close()
    server.close()
  })
  return {
    port,
    limit,
    accepted,
    async open(count) {
      const before = accepted.length
      const sockets = await openIdle(port, count)
      await expect.poll(() => accepted.length, waits).toBe(before + count)
      return sockets
    },
  }
}

async function echo(socket: Socket): Promise<void> {
  socket.write('x')
  await once(socket, 'data')
}

const standing = (sockets: Socket[]) => sockets.map((socket) => !socket.destroyed)

describe('a server that has all the connections it may have', () => {
  test('has the most idle one give way, and takes the new one', async () => {
    const { open, accepted } = await start({ most: 3 })
    const [first] = await open(3)
    await echo(first!)
    const [fourth] = await open(1)
    await echo(fourth!)
    expect(standing(accepted)).toEqual([true, false, true, true])
    await open(1)
    expect(standing(accepted)).toEqual([true, false, false, true, true])
  })

  test('keeps those that are served or have a request under way before all others', async () => {
    const busy = new Set<Socket>()
    const { open, accepted, limit } = await start({ most: 4, isBusy: (socket) => busy.has(socket) })
    await open(4)
    limit.markServed(accepted[0]!)
    busy.add(accepted[1]!)
    await open(5)
    expect(standing(accepted)).toEqual([true, true, ...Array<boolean>(5).fill(false), true, true])
    busy.clear()
    const isGone = async () => {
      await open(1)
      return accepted[1]!.destroyed
    }
    await expect.poll(isGone, waits).toBe(true)
    expect(accepted[0]!.destroyed).toBe(false)
  })

  test('has one that is served give way where newcomers would only displace each other', async () => {
    const { open, accepted, limit } = await start({ most: 16 })
    await open(16)
    for (const socket of accepted.slice(0, 15)) limit.markServed(socket)
    await open(3)
    const kept = Array<boolean>(13).fill(true)
    expect(standing(accepted)).toEqual([false, false, ...kept, false, true, true, true])
  })

  test('takes every new one, however many there are', async () => {
    const { open, accepted, limit } = await start({ most: 8 })
    const sockets = await open(200)
    await echo(sockets.at(-1)!)
    expect(accepted.filter((socket) => !socket.destroyed)).toHaveLength(8)
    limit.close()
    await expect.poll(() => accepted.every((socket) => socket.destroyed), waits).toBe(true)
  })

  test('takes another where one has ended by itself', async () => {
    const { open, accepted } = await start({ most: 2 })
    const [first] = await open(2)
    first!.destroy()
    await expect.poll(() => accepted[0]!.destroyed, waits).toBe(true)
    await open(1)
    expect(standing(accepted)).toEqual([false, true, true])
  })
})

test('servers that share a limit have the most idle connection of all of them give way', async () => {
  const accepted: Socket[] = []
  const limit = createConnectionLimit({ most: 4 })
  const guarded = async () => {
    const server = createServer((socket) => void accepted.push(socket.on('error', () => undefined)))
    limit.guard(server)
    onTestFinished(() => void server.close())
    return listen(server)
  }
  const ports = [await guarded(), await guarded()]
  onTestFinished(() => limit.close())
  for (const port of ports) {
    const before = accepted.length
    await openIdle(port, 3)
    await expect.poll(() => accepted.length, waits).toBe(before + 3)
  }
  expect(standing(accepted)).toEqual([false, false, true, true, true, true])
})

test('a request over TLS that is not answered yet is not idle', async () => {
  const leaf = issueTestLeaf(createTestAuthority(), { names: ['localhost'] })
  const answers: (() => void)[] = []
  const server = createHttps({ cert: leaf.chainPem, key: leaf.keyPem }, (_request, response) => {
    answers.push(() => response.end('late'))
  })
  await keepListening(
    server,
    { port: 0, host: '127.0.0.1' },
    { mostConnections: 4, failed: (error) => expect.unreachable(String(error)) },
  )
  const { port } = server.address() as AddressInfo
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  const ask = (agent: false | undefined) =>
    request({ port, host: '127.0.0.1', servername: 'localhost', rejectUnauthorized: false, agent }).end()
  const asked = ask(false)
  await expect.poll(() => answers.length, waits).toBe(1)
  const idle = connectTls({ port, host: '127.0.0.1', servername: 'localhost', rejectUnauthorized: false })
  idle.on('error', () => undefined)
  await once(idle, 'secureConnect')
  for (const socket of await openIdle(port, 10)) onTestFinished(() => void socket.destroy())
  await expect.poll(() => idle.destroyed, waits).toBe(true)
  answers[0]!()
  const [response] = await once(asked, 'response')
  expect(response.statusCode).toBe(200)
  response.resume()
})
