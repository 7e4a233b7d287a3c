import type { IncomingMessage, ServerResponse } from 'node:http'
import { once } from 'node:events'
import { createServer as createHttpsServer } from 'node:https'
import type { AddressInfo, Socket } from 'node:net'
import type { TLSSocket } from 'node:tls'
import { Worker } from 'node:worker_threads'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import type { ServerOrigin } from '../../../../../src/contract/domains/origins.ts'
import type { Route } from '../../../../../src/edge/protocol/snapshot.ts'
import { createTestAuthority, issueTestLeaf } from '../../../../support/pki/certificates.ts'
import { edgeWithOrigin } from '../../../../support/edge/edge-with-origin.ts'
import {
  connectPlain,
  exchangeBytes,
  readUntil,
  routeTo,
  startTestEdge,
  type TestEdge,
} from '../../../../support/edge/edge.ts'
import { startOrigin, startRawOrigin } from '../../../../support/edge/origin.ts'
import { residentBytes } from '../../../../support/processes/resident-bytes.ts'

const request = (path = '/', more = '') =>
  `GET ${path} HTTP/1.1\r\nHost: h.test\r\n${more}Connection: close\r\n\r\n`

describe('origins', () => {
  let edge: TestEdge
  const closers: (() => unknown)[] = []

  beforeAll(async () => {
    edge = await startTestEdge([], {
      limits: {
        connectMs: 3_000,
        responseMs: 300,
        responsePauseMs: 300,
        pooledIdleMs: 2_000,
        connectionsPerOrigin: 4,
        waitingPerOrigin: 2,
      },
    })
  })
  afterAll(() => edge.close())
  afterEach(async () => {
    for (const close of closers.splice(0)) await close()
  })

  function serve(port: number, origin: Partial<ServerOrigin> = {}, more: Partial<Route> = {}): void {
    edge.apply({ routes: [routeTo(port, { domain: 'h.test', certificateId: null, ...more, origin })] })
  }
  async function ask(bytes = request()): Promise<string> {
    return exchangeBytes(await connectPlain(edge.http), bytes)
  }
  /** An origin that answers each request it gets with the next of `answers`; `null` closes. */
  async function scripted(...answers: (string | null | ((socket: Socket) => void))[]) {
    const requests: string[] = []
    const origin = await startRawOrigin((socket) =>
      socket.on('data', (chunk: Buffer) => {
        requests.push(chunk.toString('latin1'))
        const answer = answers.shift()
        if (typeof answer === 'string') socket.write(answer, 'latin1')
        else if (typeof answer === 'function') answer(socket)
        else socket.destroy()
      }),
    )
    closers.push(() => origin.close())
    serve(origin.port)
    return { requests, ...origin }
  }

  test('says that the origin refuses connections, without saying where it is', async () => {
    const { port, close } = await startRawOrigin(() => {})
    close()
    serve(port)
    const answer = await ask()
    expect(answer).toMatch(/^HTTP\/1\.1 502 Bad Gateway/)
    expect(answer).toContain('The origin of h.test refused the connection. It is probably not running.')
    expect(answer).not.toContain(String(port))
    expect(answer).not.toContain('127.0.0.1')
  })

  test('says that the name of the origin cannot be resolved', async () => {
    serve(1, { host: 'nowhere.invalid' })
    expect(await ask()).toMatch(/^HTTP\/1\.1 50[24] [\s\S]*(cannot be resolved|in time)/)
  })

  test('takes .localhost for this machine', async () => {
    const origin = await startOrigin((_request, response) => response.end('here'))
    closers.push(origin.close)
    serve(origin.port, { host: 'shop.localhost' })
    expect(await ask()).toContain('here')
  })

  test('gives 504 when the origin does not answer in time', async () => {
    await scripted(() => {})
    expect(await ask()).toMatch(/^HTTP\/1\.1 504 [\s\S]*did not respond in time/)
  })

  test('cuts a response that stops halfway', async () => {
    await scripted('HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf')
    const answer = await ask()
    expect(answer.endsWith('\r\n\r\nhalf')).toBe(true)
  })

  test.each([
    ['no HTTP at all', 'SSH-2.0-OpenSSH\r\n'],
    ['HTTP with a bare LF', 'HTTP/1.1 200 OK\nContent-Length: 0\n\n'],
    ['a status that is none', 'HTTP/1.1 20 OK\r\n\r\n'],
    ['a status below 100', 'HTTP/1.1 000 OK\r\nContent-Length: 0\r\n\r\n'],
    ['HTTP/2.0', 'HTTP/2.0 200 OK\r\nContent-Length: 0\r\n\r\n'],
    [
      'Content-Length with chunked',
      'HTTP/1.1 200 OK\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
    ],
    ['two Content-Lengths', 'HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab'],
    ['an unknown coding', 'HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n'],
    ['a folded field', 'HTTP/1.1 200 OK\r\nX: a\r\n b\r\nContent-Length: 0\r\n\r\n'],
    ['a NUL in a field', 'HTTP/1.1 200 OK\r\nX: a\0b\r\nContent-Length: 0\r\n\r\n'],
    [
      'a switch that nobody asked for',
      'HTTP/1.1 101 Switching Protocols\r\nUpgrade: h2c\r\nConnection: upgrade\r\n\r\n',
    ],
    ['a flood of interim responses', 'HTTP/1.1 103 Early Hints\r\n\r\n'.repeat(100)],
    ['a head without end', `HTTP/1.1 200 OK\r\nX: ${'x'.repeat(70_000)}`],
    ['a thousand fields', `HTTP/1.1 200 OK\r\n${'a: b\r\n'.repeat(1_000)}\r\n`],
  ])('gives 502 for an origin that sends %s', async (_name, bytes) => {
    await scripted(bytes)
    expect(await ask()).toMatch(/HTTP\/1\.1 502 Bad Gateway\r\n[\s\S]*not a valid HTTP response/)
  })

  test('gives 502 for an origin that closes without a word', async () => {
    await scripted(null)
    expect(await ask()).toMatch(/^HTTP\/1\.1 502 [\s\S]*closed the connection before its response/)
  })

  test('truncates visibly a response whose chunks are malformed', async () => {
    await scripted((socket) => {
      socket.write('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\ngood\r\n')
      setTimeout(() => socket.write('XX\r\n'), 50)
    })
    const answer = await ask()
    expect(answer).toContain('good')
    expect(answer).not.toContain('\r\n0\r\n')
  })

  test('gives 502 when the chunks are wrong before anything has been sent on', async () => {
    await scripted('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nXX\r\n')
    expect(await ask()).toMatch(/^HTTP\/1\.1 502 /)
  })

  test('does not take what comes after a response for the next one', async () => {
    const poison = 'HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\npoison'
    const { connections } = await scripted(
      `HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok${poison}`,
      (socket) => socket.write('HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nclean'),
    )
    expect(await ask()).toContain('ok')
    expect(await ask()).toContain('clean')
    expect(connections()).toBe(2)
  })

  test('closes an idle connection on which the origin talks unasked', async () => {
    let idle: Socket | null = null
    const ok = 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok'
    const { connections } = await scripted((socket) => {
      idle = socket
      socket.write(ok)
    }, ok)
    await ask()
    const closed = once(idle!, 'close')
    ;(idle! as Socket).write('HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\npoison')
    await closed
    expect(await ask()).not.toContain('poison')
    expect(connections()).toBe(2)
  })

  test('takes nothing for an answer that came before its request was sent', async () => {
    let idle: Socket | null = null
    const ok = 'HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nclean'
    const { requests, connections } = await scripted((socket) => {
      idle = socket
      socket.write(ok)
    }, ok)
    const client = await connectPlain(edge.http)
    const first = readUntil(client, 'clean')
    client.write(request().replace('Connection: close\r\n', ''))
    await first
    const post = 'POST / HTTP/1.1\r\nHost: h.test\r\nContent-Length: 0\r\nConnection: close\r\n\r\n'
    const second = exchangeBytes(client, post)
    // The edge finds both at its next read, the request first.
    ;(idle! as Socket).write('HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\npoison')
    expect(await second).toContain('clean')
    // No byte of it was sent on the first connection.
    expect(requests.filter((each) => each.startsWith('POST'))).toHaveLength(1)
    expect(connections()).toBe(2)
  })

  test('accepts the answer of an origin that sends one on connect', async () => {
    const origin = await startRawOrigin((socket) =>
      socket.end('HTTP/1.1 503 Service Unavailable\r\nContent-Length: 4\r\nConnection: close\r\n\r\nfull'),
    )
    closers.push(() => origin.close())
    serve(origin.port)
    expect(await ask()).toMatch(/^HTTP\/1\.1 503 [^]*full$/)
  })

  test('reads a body that ends with the connection', async () => {
    await scripted((socket) => socket.end('HTTP/1.1 200 OK\r\n\r\nto the end'))
    expect(await ask()).toContain(
      'transfer-encoding: chunked\r\nconnection: close\r\n\r\na\r\nto the end\r\n0\r\n\r\n',
    )
  })

  test('passes no body on for 204, 304 and HEAD, whatever the origin sends', async () => {
    for (const status of ['204 No Content', '304 Not Modified']) {
      await scripted(`HTTP/1.1 ${status}\r\nContent-Length: 6\r\n\r\npoison`)
      expect(await ask()).not.toContain('poison')
    }
    await scripted('HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\npoison')
    const answer = await ask(request().replace('GET', 'HEAD'))
    expect(answer).toContain('content-length: 6')
    expect(answer).not.toContain('poison')
  })

  test('asks again on a new connection when a used one was closed under it', async () => {
    const ok = 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok'
    const { requests, connections } = await scripted(ok, null, ok)
    await ask()
    expect(await ask()).toContain('ok')
    expect(requests).toHaveLength(3)
    expect(connections()).toBe(2)
  })

  test('never sends a POST twice', async () => {
    const ok = 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok'
    const { requests } = await scripted(ok, null, ok)
    await ask()
    const post = 'POST / HTTP/1.1\r\nHost: h.test\r\nContent-Length: 0\r\nConnection: close\r\n\r\n'
    expect(await ask(post)).toMatch(/^HTTP\/1\.1 502 /)
    expect(requests).toHaveLength(2)
  })

  test('limits the connections of an origin, and the rest waits or is refused', async () => {
    const held: ServerResponse[] = []
    let most = 0
    const origin = await startOrigin((_request, response) => {
      held.push(response)
      most = Math.max(most, held.length)
    })
    closers.push(origin.close)
    serve(origin.port)
    const answers: string[] = []
    const all = Array.from({ length: 9 }, async () => answers.push(await ask()))
    // The rejected requests are answered before any of the waiting ones.
    await expect.poll(() => [held.length, answers.length]).toEqual([4, 3])
    expect(answers.filter((answer) => answer.startsWith('HTTP/1.1 503'))).toHaveLength(3)
    const release = setInterval(() => held.shift()?.end('ok'), 5)
    await Promise.all(all)
    clearInterval(release)
    expect(answers.filter((answer) => answer.startsWith('HTTP/1.1 200'))).toHaveLength(6)
    expect(most).toBe(4)
  })

  test('detects a request loop', async () => {
    serve(edge.http)
    const answer = await ask()
    expect(answer).toMatch(/^HTTP\/1\.1 508 Loop Detected/)
  })

  test('sends the configured Host, and forwards the client’s', async () => {
    const origin = await startOrigin((incoming, response) =>
      response.end(`${incoming.headers.host} ${incoming.headers['x-forwarded-host']}`),
    )
    closers.push(origin.close)
    serve(origin.port, { hostHeader: 'inner.example:81' })
    expect(await ask()).toContain('inner.example:81 h.test')
  })

  test('takes no Host up that would end its line', () => {
    for (const hostHeader of ['a\r\nX: y', 'a b', '', 'a:99999']) {
      expect(() => serve(1, { hostHeader })).toThrow('the Host header for the origin of h.test is malformed')
    }
    serve(1)
  })

  describe('over TLS', () => {
    const authority = createTestAuthority({ commonName: 'Origin authority' })
    const stranger = createTestAuthority({ commonName: 'Stranger' })
    const good = issueTestLeaf(authority, { names: ['h.test', 'inner.example'] })
    const unknown = issueTestLeaf(stranger, { names: ['h.test', 'inner.example'] })
    let bytesSeen = 0

    async function tlsOrigin(leaf = good): Promise<number> {
      bytesSeen = 0
      const server = createHttpsServer({ cert: leaf.chainPem, key: leaf.keyPem }, (incoming, response) => {
        bytesSeen += 1
        response.end(`sni=${(incoming.socket as TLSSocket & { servername?: string }).servername}`)
      })
      server.listen(0, '127.0.0.1')
      await once(server, 'listening')
      closers.push(() => (server.close(), server.closeAllConnections()))
      return (server.address() as AddressInfo).port
    }
    const tls = { protocol: 'https', verify: true } as const

    test('verifies the origin by the anchors it is given', async () => {
      const port = await tlsOrigin()
      edge.apply({ extraOriginAnchors: [authority.certificatePem] })
      serve(port, tls)
      expect(await ask()).toContain('sni=h.test')
      edge.apply({ extraOriginAnchors: [] })
      expect(await ask()).toMatch(/^HTTP\/1\.1 502 [\s\S]*certificate that does not verify/)
    })

    test('sends not one byte of a request to an origin that does not verify', async () => {
      const port = await tlsOrigin(unknown)
      edge.apply({ extraOriginAnchors: [authority.certificatePem] })
      serve(port, tls)
      expect(await ask()).toMatch(/^HTTP\/1\.1 502 [\s\S]*certificate that does not verify/)
      expect(bytesSeen).toBe(0)
    })

    test('takes any certificate where verification is off', async () => {
      serve(await tlsOrigin(unknown), { ...tls, verify: false })
      expect(await ask()).toContain('sni=h.test')
    })

    test('checks the name it sends, which can be set', async () => {
      const port = await tlsOrigin()
      edge.apply({ extraOriginAnchors: [authority.certificatePem] })
      serve(port, { ...tls, sni: 'inner.example' })
      expect(await ask()).toContain('sni=inner.example')
      serve(port, { ...tls, sni: 'other.example' })
      expect(await ask()).toMatch(/^HTTP\/1\.1 502 [\s\S]*certificate that does not verify/)
      serve(port, { ...tls, hostHeader: 'inner.example:8443' })
      expect(await ask()).toContain('sni=inner.example')
    })

    test('asks on one connection again and again, however busy the edge is', async () => {
      // In a thread of its own, so that it answers while the edge does something else.
      const origin = new Worker(countingOrigin, { eval: true, workerData: good })
      closers.push(() => origin.terminate())
      const [port] = (await once(origin, 'message')) as [number]
      const busyEdge = await startTestEdge([
        routeTo(port, { domain: 'h.test', certificateId: null, origin: { ...tls, verify: false } }),
      ])
      closers.push(() => busyEdge.close())
      const socket = await connectPlain(busyEdge.http)
      closers.push(keepBusy().stop)
      for (let at = 0; at < 10; at += 1) {
        socket.write('GET / HTTP/1.1\r\nHost: h.test\r\n\r\n')
        expect(await readUntil(socket, /connections=\d+\./, 20_000)).toContain('connections=1.')
      }
      socket.destroy()
    })

    test('says that an origin does not speak TLS', async () => {
      const origin = await startOrigin((_request, response) => response.end())
      closers.push(origin.close)
      serve(origin.port, tls)
      expect(await ask()).toMatch(/^HTTP\/1\.1 502 [\s\S]*(TLS handshake|closed)/)
    })

    test('follows the scheme of the request', async () => {
      const plain = await startOrigin((_request, response) => response.end('plain'))
      closers.push(plain.close)
      const origin = {
        protocol: 'follow',
        httpPort: plain.port,
        httpsPort: await tlsOrigin(),
        sni: 'inner.example',
      } as const
      edge.apply({ routes: [routeTo(0, { origin })] })
      const socket = await edge.connect()
      expect(await exchangeBytes(socket, request().replace('h.test', 'shop.test'))).toContain(
        'sni=inner.example',
      )
      expect(await ask(request().replace('h.test', 'shop.test'))).toContain('plain')
    })
  })
})

/** Answers with its number of connections. */
const countingOrigin = `
  const { createServer } = require('node:https')
  const { parentPort, workerData } = require('node:worker_threads')
  let connections = 0
  const server = createServer({ cert: workerData.chainPem, key: workerData.keyPem }, (_request, response) =>
    response.end('connections=' + connections + '.'),
  )
  server.on('secureConnection', () => (connections += 1))
  server.listen(0, '127.0.0.1', () => parentPort.postMessage(server.address().port))
`

/** Blocks each turn of the event loop for as long as a close origin needs to answer. */
function keepBusy(): { stop(): void } {
  let isStopped = false
  const turn = (): void => {
    const until = performance.now() + 10
    while (performance.now() < until);
    if (!isStopped) setImmediate(turn)
  }
  setImmediate(turn)
  return { stop: () => void (isStopped = true) }
}

describe('slow clients', () => {
  const overHttp = (port: number) => [routeTo(port, { domain: 'h.test', certificateId: null })]
  const answer = (incoming: IncomingMessage, response: ServerResponse) => {
    incoming.resume()
    if (incoming.url === '/big') response.end(Buffer.alloc(32 * 1024 * 1024))
    else incoming.on('end', () => response.end('ok'))
  }
  const edge = edgeWithOrigin(() => startOrigin(answer), {
    routes: overHttp,
    limits: { headMs: 200, keepAliveMs: 200, bodyPauseMs: 200, writeStallMs: 300, handshakeMs: 200 },
  })

  test('gives 408 to a head that never ends, even when bytes keep coming', async () => {
    const socket = await connectPlain(edge.http)
    socket.write('GET / HTTP/1.1\r\nHost: h.test\r\n')
    const drip = setInterval(() => socket.write('X: y\r\n'), 20)
    const answer = await exchangeBytes(socket, '')
    clearInterval(drip)
    expect(answer).toMatch(/^HTTP\/1\.1 408 /)
  })

  test('closes a connection on which nothing comes', async () => {
    expect(await exchangeBytes(await connectPlain(edge.http), '', 2_000)).toBe('')
    const kept = await exchangeBytes(
      await connectPlain(edge.http),
      'GET / HTTP/1.1\r\nHost: h.test\r\n\r\n',
      2_000,
    )
    expect(kept).toContain('ok')
  })

  test('gives up a body that stops', async () => {
    const startedAt = Date.now()
    await exchangeBytes(
      await connectPlain(edge.http),
      'POST / HTTP/1.1\r\nHost: h.test\r\nContent-Length: 9\r\n\r\nhalf',
    )
    expect(Date.now() - startedAt).toBeLessThan(2_000)
  })

  test('gives up a client that does not read', async () => {
    const socket = await connectPlain(edge.http)
    socket.write('GET /big HTTP/1.1\r\nHost: h.test\r\n\r\n')
    await readUntil(socket, '200 OK')
    socket.pause()
    await new Promise((resolve) => setTimeout(resolve, 900))
    socket.resume()
    let rest = 0
    socket.on('data', (chunk: Buffer) => (rest += chunk.length))
    await once(socket, 'close')
    expect(rest).toBeLessThan(32 * 1024 * 1024)
  })

  test('closes a connection that never completes its handshake', async () => {
    expect(await exchangeBytes(await connectPlain(edge.https), '', 2_000)).toBe('')
  })

  test('bounds what a client that sends requests ahead and reads no answer can take', async () => {
    const socket = await connectPlain(edge.http)
    const asked = 'GET / HTTP/1.1\r\nHost: other.test\r\n\r\n'.repeat(1_000)
    socket.pause()
    const before = residentBytes()
    for (let turn = 0; turn < 200; turn += 1) socket.write(asked)
    await new Promise((resolve) => setTimeout(resolve, 300))
    expect(residentBytes() - before).toBeLessThan(60 * 1024 * 1024)
    socket.destroy()
  })

  test('limits client connections', async () => {
    // Long timeouts: no silent connection may end before one is too many.
    const patient = await startTestEdge(overHttp(edge.origin.port), {
      limits: { clientConnections: 20 },
    })
    const sockets = await Promise.all(Array.from({ length: 20 }, () => connectPlain(patient.http)))
    let ended = 0
    for (const socket of sockets) socket.resume().once('close', () => (ended += 1))
    const extra = await Promise.all([1, 2, 3].map(() => connectPlain(patient.http)))
    await expect.poll(() => ended, { timeout: 20_000 }).toBe(3)
    for (const socket of [...sockets, ...extra]) socket.destroy()
    await patient.close()
  })
})
