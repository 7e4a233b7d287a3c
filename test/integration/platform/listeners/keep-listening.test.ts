import { spawn } from 'node:child_process'
import { createServer, request, type Server } from 'node:http'
import { connect, type AddressInfo } from 'node:net'
import { expect, onTestFinished, test } from 'vitest'
import {
  contained,
  containedUpgrade,
  keepListening,
} from '../../../../src/platform/listeners/keep-listening.ts'
import { posixOnly } from '../../../support/needs.ts'

const local = { port: 0, host: '127.0.0.1' }

async function listen(server: Server, failures: unknown[]): Promise<number> {
  await keepListening(server, local, { mostConnections: 2, failed: (error) => failures.push(error) })
  onTestFinished(() => {
    server.close()
    server.closeAllConnections()
  })
  return (server.address() as AddressInfo).port
}

function statusOf(port: number, path = '/', headers = {}): Promise<number | 'cut'> {
  return new Promise((resolve) => {
    const asked = request({ port, host: '127.0.0.1', path, headers, agent: false }, (answer) => {
      answer.resume().on('error', () => undefined)
      answer.once('close', () => resolve(answer.complete ? (answer.statusCode ?? 0) : 'cut'))
    })
    asked.on('error', () => resolve('cut')).end()
  })
}

test('a handler that throws, now or later, before or after its head, ends its own request', async () => {
  const failures: unknown[] = []
  const server = createServer(
    contained(
      async ({ url }, response) => {
        if (url === '/later') await new Promise((resolve) => setTimeout(resolve, 5))
        if (url === '/after') response.writeHead(200, { 'content-length': 10 }).write('half')
        if (url !== '/fine') throw new Error('mine')
        response.end()
      },
      (error) => failures.push(error),
    ),
  )
  const port = await listen(server, failures)
  expect(await statusOf(port, '/now')).toBe(500)
  expect(await statusOf(port, '/later')).toBe(500)
  expect(await statusOf(port, '/after')).toBe('cut')
  expect(failures).toHaveLength(3)
  expect(await statusOf(port, '/fine')).toBe(200)
})

test('an upgrade that throws ends its own connection', async () => {
  const failures: unknown[] = []
  const server = createServer((_request, response) => void response.end())
  const fail = () => {
    throw new Error('mine')
  }
  server.on(
    'upgrade',
    containedUpgrade(fail, (error) => failures.push(error)),
  )
  const port = await listen(server, failures)
  expect(await statusOf(port, '/', { connection: 'upgrade', upgrade: 'x' })).toBe('cut')
  expect(failures).toHaveLength(1)
  expect(await statusOf(port)).toBe(200)
})

test('an idle connection gives way to a new one where there are as many as may be', async () => {
  const port = await listen(
    createServer((_request, response) => void response.end()),
    [],
  )
  const open = () => connect(port, '127.0.0.1').on('error', () => undefined)
  const held = [open(), open()]
  await Promise.all(held.map((socket) => new Promise((resolve) => socket.once('connect', resolve))))
  for (let count = 0; count < 5; count += 1) expect(await statusOf(port)).toBe(200)
  expect(held.filter((socket) => socket.destroyed)).toHaveLength(1)
  for (const socket of held) socket.destroy()
})

test('a port that is taken is told, and an error that comes later ends nothing', async () => {
  const failures: unknown[] = []
  const server = createServer()
  const port = await listen(server, failures)
  const second = keepListening(
    createServer(),
    { ...local, port },
    { mostConnections: 1, failed: () => undefined },
  )
  await expect(second).rejects.toMatchObject({ code: 'EADDRINUSE' })
  // Node's `error` event for a failed accept.
  for (let count = 0; count < 3; count += 1) server.emit('error', new Error('accept EMFILE'))
  expect(failures).toHaveLength(1)
})

test(
  'a process without a descriptor left lives on, and answers again when it has one',
  { ...posixOnly, timeout: 60_000 },
  async () => {
    const source = new URL('../../../../src/platform/listeners/keep-listening.ts', import.meta.url).href
    const script = `
      import { createServer } from 'node:http'
      import { keepListening } from ${JSON.stringify(source)}
      const server = createServer((request, response) => response.end())
      await keepListening(server, ${JSON.stringify(local)}, { mostConnections: 1000, failed() {} })
      console.log(server.address().port)`
    const limited = [
      '-c',
      'ulimit -n 40; exec "$0" "$@"',
      process.execPath,
      '--input-type=module',
      '-e',
      script,
    ]
    const child = spawn('/bin/sh', limited, { stdio: ['ignore', 'pipe', 'inherit'] })
    onTestFinished(() => void child.kill('SIGKILL'))
    const port = Number(await new Promise((resolve) => child.stdout.once('data', resolve)))
    const sockets = Array.from({ length: 100 }, () => connect(port, '127.0.0.1').on('error', () => undefined))
    await Promise.all(
      sockets.map(
        (socket) =>
          new Promise<void>((resolve) => {
            socket.once('connect', () => resolve()).once('close', () => resolve())
          }),
      ),
    )
    for (const socket of sockets) socket.destroy()
    await expect.poll(() => statusOf(port), { timeout: 30_000 }).toBe(200)
    expect(child.exitCode).toBeNull()
  },
)
