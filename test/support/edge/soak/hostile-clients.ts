import { once } from 'node:events'
import { connect as connectTls, type TLSSocket } from 'node:tls'
import { connect as connectPlain, type Socket } from 'node:net'
import { setTimeout as delay } from 'node:timers/promises'
import { frame, headerBlock, preface, requestBlock, uint32, endHeaders, endStream } from '../http2-frames.ts'
import { Chance } from './chance.ts'
import type { Target, Work } from './clients.ts'
import { fieldLines } from './hostile-parts.ts'

const served = ['shop.test', 'hostile.test', 'hostile-2.test']
const others = ['plain.test', 'nobody.test']

/**
 * Clients that mean harm. Whatever the edge does with them, it does not hang and does not end. Each
 * leaves after `longestMs` at the latest.
 */
export function workOfHostileClients(seed: number, longestMs = 1_500): Record<string, () => Work> {
  const chance = new Chance(seed)
  // A handshake for a different name than the request's is refused before any origin gets it.
  const overTls = (target: Target, protocol: string, name: string, pieces: Buffer[]) =>
    run(connectSecurely(target, protocol, name), 'secureConnect', pieces, longestMs)
  const overPlain = ({ httpPort }: Target, bytes: Buffer) =>
    run(connectPlain(httpPort, '127.0.0.1'), 'connect', [bytes], longestMs)
  const reader = (protocol: 'http/1.1' | 'h2', host: string) => () => (target: Target) =>
    overTls(target, protocol, host, protocol === 'h2' ? streams(chance, host) : [get(chance, host)])
  return {
    'hostile HTTP/1.1': () => (target) => {
      const host = chance.of(served)
      return overTls(target, 'http/1.1', host, [chance.damaged(http1Requests(chance, host))])
    },
    'hostile plain HTTP': () => (target) =>
      overPlain(target, chance.damaged(http1Requests(chance, chance.of(served)))),
    'hostile HTTP/2': () => (target) => {
      const host = chance.of(served)
      return overTls(target, 'h2', host, http2Frames(chance, host))
    },
    'hostile handshake': () => (target) =>
      overPlain({ ...target, httpPort: target.httpsPort }, hello(chance)),
    'reader of hostile pages': reader('http/1.1', 'hostile.test'),
    'reader of hostile pages over HTTP/2': reader('h2', 'hostile.test'),
    'reader of a hostile HTTP/2 origin': reader('http/1.1', 'hostile-2.test'),
    'reader of a hostile HTTP/2 origin over HTTP/2': reader('h2', 'hostile-2.test'),
  }
}

function get(chance: Chance, host: string): Buffer {
  const lines = chance.some(fieldLines, 3).filter((line) => !/^(connection|te|upgrade)/i.test(line))
  return Buffer.from(
    [`GET /${chance.below(50)} HTTP/1.1`, `Host: ${host}`, ...lines, '', ''].join('\r\n'),
    'latin1',
  )
}

function http1Requests(chance: Chance, host: string): Buffer {
  const method = chance.of(['GET', 'POST', 'HEAD', 'PUT', 'OPTIONS', 'get', 'PRI', 'CONNECT', 'TRACE', 'X'])
  const target = chance.of(['/', '/small', '/a?b', '*', '//', '/%', 'http://shop.test/', 'shop.test:443'])
  const framing = chance.of([
    [],
    ['Content-Length: 5'],
    ['Content-Length: 5', 'Content-Length: 6'],
    ['Transfer-Encoding: chunked'],
    ['Transfer-Encoding: chunked', 'Content-Length: 3'],
    [
      'Upgrade: websocket',
      'Connection: upgrade',
      'Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==',
      'Sec-WebSocket-Version: 13',
    ],
    ['Expect: 100-continue', 'Content-Length: 5'],
  ])
  const head = [
    `${method} ${target} HTTP/1.1`,
    `Host: ${chance.below(8) === 0 ? chance.of(others) : host}`,
    ...framing,
    ...chance.some(fieldLines, 5),
  ]
  const body = chance.of([
    '',
    'hello',
    '5\r\nhello\r\n0\r\n\r\n',
    '5\r\nhello\r\n0\r\nETag: a\r\nETag: b\r\n\r\n',
    'ffffffffff\r\n',
  ])
  return Buffer.from(`${head.join('\r\n')}\r\n\r\n${body}`.repeat(1 + chance.below(3)), 'latin1')
}

function streams(chance: Chance, host: string): Buffer[] {
  const ids = Array.from({ length: 1 + chance.below(8) }, (_, at) => 2 * at + 1)
  return [
    preface,
    ...ids.map((id) =>
      frame('headers', endHeaders | endStream, id, requestBlock(host, `/${chance.below(50)}`)),
    ),
    ...(chance.below(3) === 0 ? [frame('reset', 0, chance.of(ids), uint32(chance.below(14)))] : []),
  ]
}

function http2Frames(chance: Chance, host: string): Buffer[] {
  const meant = () => (chance.below(8) === 0 ? chance.of(others) : host)
  const fields = (): [string, string][] =>
    chance.some(fieldLines, 5).map((line) => {
      const colon = line.indexOf(':')
      return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()]
    })
  const makers = [
    (id: number) =>
      frame(
        'headers',
        endHeaders | chance.of([0, endStream]),
        id,
        requestBlock(meant(), chance.of(['/', '*', '', 'x']), fields()),
      ),
    (id: number) =>
      frame(
        'headers',
        endHeaders,
        id,
        headerBlock([
          [':method', chance.of(['CONNECT', 'get', 'PRI', 'POST'])],
          [':protocol', 'websocket'],
          [':scheme', 'https'],
          [':path', '/'],
          [':authority', meant()],
          ...fields(),
        ]),
      ),
    (id: number) => frame('headers', endHeaders | endStream, id, headerBlock(fields())),
    (id: number) => frame('data', chance.of([0, endStream]), id, Buffer.alloc(chance.below(5_000), 0x41)),
    (id: number) => frame('reset', 0, id, uint32(chance.below(14))),
    (id: number) =>
      frame('windowUpdate', 0, chance.of([0, id]), uint32(chance.of([0, 1, 65_535, 0x7fffffff]))),
    () =>
      frame(
        'settings',
        0,
        0,
        Buffer.concat([Buffer.from([0, chance.below(10)]), uint32(chance.of([0, 1, 100, 0xffffffff]))]),
      ),
    () => frame('ping', 0, 0, Buffer.alloc(8)),
    (id: number) => frame('continuation', endHeaders, id, headerBlock(fields())),
    (id: number) =>
      frame(chance.below(256), chance.below(256), id, Buffer.alloc(chance.below(50), chance.below(256))),
  ]
  const sent = Array.from({ length: 1 + chance.below(20) }, () =>
    chance.of(makers)(chance.of([1, 3, 5, 7, 2, 0])),
  )
  return [preface, ...sent.map((bytes) => (chance.below(4) === 0 ? chance.damaged(bytes) : bytes))]
}

/** A ClientHello's beginning, or nothing like one. */
function hello(chance: Chance): Buffer {
  const record = Buffer.from(
    '16030100c8010000c40303' + '00'.repeat(32) + '20' + '11'.repeat(32) + '0006130113021303',
    'hex',
  )
  return chance.damaged(chance.of([record, Buffer.from('GET / HTTP/1.1\r\n\r\n'), Buffer.alloc(64, 0x80)]))
}

function connectSecurely({ httpsPort, ca }: Target, protocol: string, servername: string): TLSSocket {
  return connectTls({
    host: '127.0.0.1',
    port: httpsPort,
    servername,
    ca,
    ALPNProtocols: [protocol],
  })
}

/** Sends, reads for a moment and leaves. That it cannot connect while a worker is being killed is no news. */
async function run(socket: Socket, ready: string, pieces: Buffer[], longestMs: number): Promise<void> {
  const closed = new Promise<void>((resolve) => socket.once('close', () => resolve()))
  socket.on('error', () => undefined)
  socket.resume()
  await Promise.race([once(socket, ready).catch(() => undefined), closed, delay(longestMs)])
  for (const piece of pieces) if (!socket.destroyed) socket.write(piece)
  await Promise.race([closed, delay(longestMs)])
  socket.destroy()
  await closed
}
