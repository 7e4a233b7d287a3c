import { mkdirSync, rmSync } from 'node:fs'
import { connect, type NetConnectOpts, type Socket } from 'node:net'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { edgekeep, startEdgekeep, type RunningEdgekeep } from '../../../support/processes/cli.ts'
import { readUntil } from '../../../support/edge/edge.ts'
import { temporaryFolder } from '../../../support/engine/engine.ts'
import { freePort } from '../../../support/free-port.ts'
import { signIn } from '../../../support/engine/web-host-client.ts'

/*
 * Raw sockets against each listener of a real engine and a real host of the window. The vault is under a
 * passphrase and unlocked: an engine that ended and came back would be locked, and have another pid.
 */

const passphrase = 'correct horse battery staple'

let folder: string
let home: string
let running: RunningEdgekeep
let metricsPort: number
let windowPort: number
let session: { cookie: string; place: string }
let enginePid: unknown

interface Listener {
  where: NetConnectOpts
  /** Name that this listener accepts in `Host`. */
  host: string
  /** Head fields and path with which frames are let through. */
  frames: { path: string; fields: string } | null
}
let listeners: Record<'metrics' | 'window' | 'control', Listener>

beforeAll(async () => {
  folder = temporaryFolder()
  home = join(folder, 'home')
  mkdirSync(home, { mode: 0o700 })
  await edgekeep(home, ['domain', 'add', 'shop.test', '--origin', 'http://127.0.0.1:3000'])
  await edgekeep(home, ['vault', 'protect', 'key-file'])
  await edgekeep(home, ['vault', 'protect', 'passphrase', '--password-stdin'], `${passphrase}\n`)
  metricsPort = await freePort()
  const ports = ['--https-port', String(await freePort()), '--http-port', String(await freePort())]
  running = await startEdgekeep(home, ['--metrics', String(metricsPort), ...ports])
  await edgekeep(home, ['unlock', '--password-stdin'], `${passphrase}\n`)
  windowPort = Number(new URL(running.ui!).port)
  session = await signIn(running.ui!)
  enginePid = await engineState()
  const origin = `http://127.0.0.1:${windowPort}`
  listeners = {
    metrics: {
      where: { port: metricsPort, host: '127.0.0.1' },
      host: `127.0.0.1:${metricsPort}`,
      frames: null,
    },
    window: {
      where: { port: windowPort, host: '127.0.0.1' },
      host: `127.0.0.1:${windowPort}`,
      frames: {
        path: `${session.place}frames`,
        fields: `Cookie: ${session.cookie}\r\nOrigin: ${origin}\r\n`,
      },
    },
    control: {
      where: { path: join(home, 'control.sock') },
      host: 'edgekeep',
      frames: { path: '/window', fields: '' },
    },
  }
}, 180_000)

afterAll(async () => {
  await running.interrupt()
  rmSync(folder, { recursive: true })
})

/** The engine by its pid, and that its vault is open: the same from first to last. */
async function engineState() {
  const { status } = (await edgekeep(home, ['status', '--json'])).json() as {
    status?: { pid: number; protection: { locked: boolean } }
  }
  return { pid: status?.pid, locked: status?.protection.locked }
}

async function open(where: NetConnectOpts): Promise<Socket> {
  const socket = connect(where)
  // A reset may end the request; the test checks the engine afterwards.
  socket.on('error', () => undefined)
  await new Promise<void>((resolve) => {
    socket.once('connect', () => resolve())
    socket.once('close', () => resolve())
  })
  return socket
}

/** Sends bytes and collects the answer until the other side closes or is idle. */
async function say(where: NetConnectOpts, bytes: string | Buffer, idleMs = 400): Promise<string> {
  const socket = await open(where)
  let heard = ''
  socket.on('data', (piece: Buffer) => {
    if (heard.length < 4096) heard += piece.toString('latin1')
  })
  socket.write(typeof bytes === 'string' ? Buffer.from(bytes, 'latin1') : bytes)
  socket.setTimeout(idleMs, () => socket.destroy())
  if (!socket.closed) await new Promise((resolve) => socket.once('close', resolve))
  return heard
}

/** A WebSocket frame as a client masks it, of any opcode, length and flags. */
function frame(
  opcode: number,
  payload: Buffer,
  { first = 0x80, masked = true, length = payload.length } = {},
) {
  const size =
    length < 126
      ? [length]
      : length < 65_536
        ? [126, length >> 8, length & 255]
        : [127, 0, 0, 0, 0, ...[24, 16, 8, 0].map((bits) => (length >>> bits) & 255)]
  const head = Buffer.from([first | opcode, size[0]! | (masked ? 0x80 : 0), ...size.slice(1)])
  return Buffer.concat([head, masked ? Buffer.alloc(4) : Buffer.alloc(0), payload])
}

const heads: [string, (host: string) => string][] = [
  ['a target without a host', (host) => `GET // HTTP/1.1\r\nHost: ${host}\r\n\r\n`],
  ['the same under a foreign name', () => 'GET // HTTP/1.1\r\nHost: evil.test\r\n\r\n'],
  ['a target that is no URL', (host) => `GET http://[ HTTP/1.1\r\nHost: ${host}\r\n\r\n`],
  ['a port that is none', (host) => `GET //a:99999999/ HTTP/1.1\r\nHost: ${host}\r\n\r\n`],
  ['an asterisk', (host) => `OPTIONS * HTTP/1.1\r\nHost: ${host}\r\n\r\n`],
  ['CONNECT', (host) => `CONNECT ${host} HTTP/1.1\r\nHost: ${host}\r\n\r\n`],
  ['half an escape', (host) => `GET /%zz%/../%00 HTTP/1.1\r\nHost: ${host}\r\n\r\n`],
  ['no Host', () => 'GET / HTTP/1.1\r\n\r\n'],
  ['HTTP/1.0 without Host', () => 'GET // HTTP/1.0\r\n\r\n'],
  ['two Hosts', (host) => `GET / HTTP/1.1\r\nHost: ${host}\r\nHost: ${host}\r\n\r\n`],
  ['a prototype for a field', (host) => `GET / HTTP/1.1\r\nHost: ${host}\r\n__proto__: x\r\n\r\n`],
  ['a prototype for a path', (host) => `GET /__proto__/constructor HTTP/1.1\r\nHost: ${host}\r\n\r\n`],
  ['a cookie that is odd', (host) => `GET /a HTTP/1.1\r\nHost: ${host}\r\nCookie: =;;=\xff; a\r\n\r\n`],
  ['an expectation', (host) => `POST / HTTP/1.1\r\nHost: ${host}\r\nExpect: x\r\nContent-Length: 1\r\n\r\n`],
  ['broken chunks', (host) => `POST / HTTP/1.1\r\nHost: ${host}\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n`],
  [
    'two lengths',
    (host) => `POST / HTTP/1.1\r\nHost: ${host}\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n`,
  ],
  ['a huge target', (host) => `GET /${'a'.repeat(1_000_000)} HTTP/1.1\r\nHost: ${host}\r\n\r\n`],
  ['a huge field', (host) => `GET / HTTP/1.1\r\nHost: ${host}\r\nX: ${'a'.repeat(1_000_000)}\r\n\r\n`],
  ['ten thousand fields', (host) => `GET / HTTP/1.1\r\nHost: ${host}\r\n${'a: b\r\n'.repeat(10_000)}\r\n`],
  ['a thousand pipelined', (host) => `GET // HTTP/1.1\r\nHost: ${host}\r\n\r\n`.repeat(1000)],
  ['TLS', () => '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03'],
  ['the preface of HTTP/2', () => 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'],
  ['zeros', () => '\0'.repeat(4096)],
  ['an upgrade to something else', (host) => upgradeHead(host, '/', 'Upgrade: h2c\r\n')],
  ['an upgrade without a key', (host) => upgradeHead(host, '/', 'Upgrade: websocket\r\n')],
  [
    'an upgrade of another version',
    (host) => upgradeHead(host, '//', `${webSocketFields}`.replace('13', '7')),
  ],
  [
    'an upgrade by a page',
    (host) => upgradeHead(host, '/', `${webSocketFields}Origin: https://evil.test\r\n`),
  ],
  [
    'an upgrade with broken protocols',
    (host) => upgradeHead(host, '/', `${webSocketFields}Sec-WebSocket-Protocol: ,;=,\r\n`),
  ],
]

const webSocketFields =
  'Upgrade: websocket\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\nSec-WebSocket-Version: 13\r\n'

function upgradeHead(host: string, path: string, fields: string): string {
  return `GET ${path} HTTP/1.1\r\nHost: ${host}\r\nConnection: Upgrade\r\n${fields}\r\n`
}

const call = (id: string, path: string, body: unknown = {}) =>
  Buffer.from(JSON.stringify({ i: id, p: { u: path, b: { json: body } } }))

const frames: [string, Buffer][] = [
  ['text that is no JSON', frame(1, Buffer.from('{"i":'))],
  ['JSON that is no message', frame(1, Buffer.from('null'))],
  ['a message of odd types', frame(1, Buffer.from('{"i":{},"t":[],"p":7}'))],
  ['a message without a payload', frame(1, Buffer.from('{"i":"1"}'))],
  ['a call of nothing', frame(1, call('1', '/no/such/call'))],
  ['a call of a prototype', frame(1, call('2', '/__proto__/constructor'))],
  ['a call whose path is no URL', frame(1, call('3', '//[', []))],
  ['a call with the wrong input', frame(1, call('4', '/domains/add', { name: 7 }))],
  [
    'a call of deep input',
    frame(1, Buffer.from(`{"i":"5","p":{"u":"/domains/add","b":${'['.repeat(50_000)}`)),
  ],
  ['an end of a call that never was', frame(1, Buffer.from('{"i":"77","t":3}'))],
  ['bytes that are no text', frame(1, Buffer.from([0xff, 0xfe, 0xfd]))],
  ['binary garbage', frame(2, Buffer.alloc(4096, 0xa5))],
  ['an unmasked frame', frame(1, Buffer.from('hello'), { masked: false })],
  ['an opcode that is not defined', frame(5, Buffer.from('hello'))],
  ['a continuation of nothing', frame(0, Buffer.from('hello'))],
  ['reserved bits', frame(1, Buffer.from('hello'), { first: 0xf0 })],
  ['a control frame that is too long', frame(9, Buffer.alloc(126))],
  ['a control frame in pieces', frame(9, Buffer.alloc(4), { first: 0 })],
  ['a close of one byte', frame(8, Buffer.from([3]))],
  ['a close with a status that is none', frame(8, Buffer.from([0, 1]))],
  ['a length of four gigabytes', frame(2, Buffer.alloc(16), { length: 0xffffffff })],
  ['a frame over the limit', frame(2, Buffer.alloc(33 * 1024 * 1024))],
  ['half a frame', frame(1, Buffer.alloc(10), { length: 1000 })],
  ['ten thousand pings', Buffer.concat(Array.from({ length: 10_000 }, () => frame(9, Buffer.from('x'))))],
  [
    'ten thousand empty pieces',
    Buffer.concat(Array.from({ length: 10_000 }, () => frame(0, Buffer.alloc(0), { first: 0 }))),
  ],
]

const names = ['metrics', 'window', 'control'] as const

describe.each(names)('the listener of the %s', (name) => {
  test('answers each hostile head, or ends its connection, and lives on', { timeout: 120_000 }, async () => {
    const { where, host } = listeners[name]
    for (const [what, head] of heads) {
      const heard = await say(where, head(host))
      expect(heard, what).not.toMatch(/^HTTP\/1\.1 (200|101)/)
    }
    expect(await engineState()).toEqual(enginePid)
  })

  test('outlives connections that are slow, half open, reset and many', { timeout: 120_000 }, async () => {
    const { where, host } = listeners[name]
    const sockets = await Promise.all(Array.from({ length: 700 }, () => open(where)))
    for (const [at, socket] of sockets.entries()) {
      if (at % 4 === 0) socket.write(`GET // HTTP/1.1\r\nHost: ${host}\r\n`)
      if (at % 4 === 1) socket.end('GET /')
      if (at % 4 === 2) socket.write('G')
    }
    for (const socket of sockets) {
      if (where && 'port' in where && sockets.indexOf(socket) % 2 === 0) socket.resetAndDestroy()
      else socket.destroy()
    }
    await expect.poll(engineState, { timeout: 30_000 }).toEqual(enginePid)
  })
})

describe.each(['window', 'control'] as const)('frames to the listener of the %s', (name) => {
  test('end their own connection at most', { timeout: 120_000 }, async () => {
    const { where, host, frames: way } = listeners[name]
    for (const [what, bytes] of frames) {
      const socket = await open(where)
      socket.write(upgradeHead(host, way!.path, webSocketFields + way!.fields))
      expect(await readUntil(socket, '\r\n\r\n'), what).toMatch(/^HTTP\/1\.1 101 /)
      socket.resume().write(bytes)
      socket.setTimeout(300, () => socket.destroy())
      if (!socket.closed) await new Promise((resolve) => socket.once('close', resolve))
    }
    expect(await engineState()).toEqual(enginePid)
  })
})

test('the metrics are there afterwards, and for no page', async () => {
  const { where, host } = listeners.metrics
  expect(await say(where, `GET /metrics HTTP/1.1\r\nHost: ${host}\r\n\r\n`)).toMatch(/^HTTP\/1\.1 200 /)
  const byPage = `GET /metrics HTTP/1.1\r\nHost: ${host}\r\nOrigin: https://evil.test\r\n\r\n`
  expect(await say(where, byPage)).toMatch(/^HTTP\/1\.1 403 /)
})

test('the engine that was there first still has its vault open', async () => {
  expect(enginePid).toMatchObject({ locked: false, pid: expect.any(Number) as number })
  expect(await engineState()).toEqual(enginePid)
})
