import { once } from 'node:events'
import {
  connect,
  constants,
  createSecureServer,
  createServer,
  type Http2Server,
  type ServerHttp2Session,
  type ServerHttp2Stream,
} from 'node:http2'
import { createServer as createHttpsServer } from 'node:https'
import type { AddressInfo, Socket } from 'node:net'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { frameTypes } from '../../../../../src/edge/worker/http2-protocol/codes.ts'
import type { ServerOrigin } from '../../../../../src/contract/domains/origins.ts'
import { createTestAuthority, issueTestLeaf } from '../../../../support/pki/certificates.ts'
import {
  connectPlain,
  exchangeBytes,
  readUntil,
  routeTo,
  startTestEdge,
  type TestEdge,
} from '../../../../support/edge/edge.ts'
import { startOrigin, startRawOrigin } from '../../../../support/edge/origin.ts'
import { openWebsocket, startHttp2Websockets } from '../../../../support/edge/websocket.ts'
import { frame, headerBlock, readFrames } from '../../../../support/edge/http2-frames.ts'
import { residentBytes } from '../../../../support/processes/resident-bytes.ts'

const clientPreface = 24

type OnStream = (stream: ServerHttp2Stream, headers: Record<string, unknown>, raw: string[]) => void

describe('origins of HTTP/2', () => {
  let edge: TestEdge
  const closers: (() => unknown)[] = []
  const limits = {
    connectMs: 2_000,
    responseMs: 1_000,
    responsePauseMs: 3_000,
    sessionIdleMs: 5_000,
    pingAfterMs: 100,
    pingAnswerMs: 1_000,
    lingerMs: 100,
    sessionsPerOrigin: 2,
    waitingPerOrigin: 4,
  }

  beforeAll(async () => {
    edge = await startTestEdge([], { limits })
  })
  afterAll(() => edge.close())
  afterEach(async () => {
    for (const close of closers.splice(0)) await close()
  })

  function serve(port: number, origin: Partial<ServerOrigin> = {}): void {
    const route = routeTo(port, {
      domain: 'h.test',
      certificateId: null,
      origin: { protocol: 'h2c', ...origin },
    })
    edge.apply({ routes: [route] })
  }
  async function ask(path = '/', more = '', body = ''): Promise<string> {
    const method = more === '' ? 'GET' : 'POST'
    const head = `${method} ${path} HTTP/1.1\r\nHost: h.test\r\n${more}Connection: close\r\n\r\n`
    return exchangeBytes(await connectPlain(edge.http), head + body)
  }
  async function start(
    onStream: OnStream,
    options = {},
  ): Promise<{ port: number; sessions: ServerHttp2Session[] }> {
    return listen(createServer(options), onStream)
  }
  async function listen(server: Http2Server, onStream: OnStream) {
    const sessions: ServerHttp2Session[] = []
    server.on('session', (session) => {
      sessions.push(session)
      session.on('error', () => {})
    })
    server.on('stream', (stream, headers, _flags, raw) => {
      stream.on('error', () => {})
      onStream(stream, headers, raw as string[])
    })
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    closers.push(() => {
      server.close()
      for (const session of sessions) session.destroy()
    })
    const { port } = server.address() as AddressInfo
    serve(port)
    return { port, sessions }
  }
  const ok: OnStream = (stream) => {
    stream.respond({ ':status': 200 })
    stream.end('ok')
  }

  test('share one session, with what we say of the client and without hop-by-hop fields', async () => {
    const seen: string[][] = []
    const { sessions } = await start((stream, headers, raw) => {
      seen.push(raw)
      ok(stream, headers, raw)
    })
    expect(await ask('/one?x=1')).toMatch(/^HTTP\/1\.1 200 OK\r\n[\s\S]*ok/)
    await ask('/two')
    expect(sessions).toHaveLength(1)
    const fields = seen[0]!.join('\n')
    expect(fields).toMatch(/^:method\nGET\n:scheme\nhttp\n:authority\nh\.test\n:path\n\/one\?x=1\n/)
    expect(fields).toContain('x-forwarded-proto\nhttp')
    expect(fields).not.toMatch(/^connection$/m)
  })

  test('give interim responses, no body and trailers on to a client of HTTP/1.1', async () => {
    await start((stream, headers) => {
      if (headers[':path'] === '/empty') {
        stream.additionalHeaders({ ':status': 103, link: '</a.css>' })
        return stream.respond({ ':status': 204 }, { endStream: true })
      }
      stream.respond({ ':status': 200 }, { waitForTrailers: true })
      stream.on('wantTrailers', () => stream.sendTrailers({ 'x-sum': '42' }))
      stream.end('body')
    })
    expect(await ask('/empty')).toMatch(
      /^HTTP\/1\.1 103 Early Hints\r\nlink: <\/a\.css>\r\n\r\nHTTP\/1\.1 204 No Content\r\n/,
    )
    expect(await ask('/')).toMatch(/4\r\nbody\r\n0\r\nx-sum: 42\r\n\r\n$/)
  })

  test('are sent a body as it comes, counted or not, with its trailers', async () => {
    await start((stream, headers) => {
      let body = ''
      let trailers = {}
      stream.on('data', (piece: Buffer) => (body += piece))
      stream.on('trailers', (fields) => (trailers = fields))
      stream.on('end', () => {
        stream.respond({ ':status': 200 })
        stream.end(JSON.stringify([headers['content-length'], body, trailers]))
      })
    })
    expect(await ask('/', 'Content-Length: 4\r\n', 'four')).toContain('["4","four",{}]')
    const chunked = '3\r\nabc\r\n0\r\nX-Sum: 7\r\n\r\n'
    expect(await ask('/', 'Transfer-Encoding: chunked\r\n', chunked)).toContain('"abc",{"x-sum":"7"}]')
  })

  test('get a retry, of a POST too, for requests that they have not processed', async () => {
    let refused = 0
    await start((stream, headers, raw) => {
      if (refused++ === 0) stream.close(constants.NGHTTP2_REFUSED_STREAM)
      else ok(stream, headers, raw)
    })
    expect(await ask('/', 'Content-Length: 0\r\n')).toMatch(/^HTTP\/1\.1 200 OK/)
    expect(refused).toBe(2)
  })

  test.each(['HTTP/1.1', 'HTTP/2'])(
    'are not asked again once they have begun to answer, whatever they say: to a client of %s',
    async (version) => {
      let asked = 0
      const { port } = await start((stream) => {
        asked += 1
        stream.respond({ ':status': 200 })
        stream.write('begun', () => stream.close(constants.NGHTTP2_REFUSED_STREAM))
      })
      if (version === 'HTTP/1.1') {
        const answer = await ask()
        expect(answer.match(/HTTP\/1\.1/g)).toHaveLength(1)
        expect(answer).not.toMatch(/0\r\n\r\n$/)
      } else {
        edge.apply({ routes: [routeTo(port, { origin: { protocol: 'h2c' } })] })
        const tls = await edge.connect({ ALPNProtocols: ['h2'] })
        const session = connect('https://shop.test', { createConnection: () => tls })
        closers.push(() => session.destroy())
        const stream = session.request({ ':path': '/' })
        await expect(once(stream.resume(), 'end')).rejects.toThrow('NGHTTP2_INTERNAL_ERROR')
      }
      expect(asked).toBe(1)
    },
  )

  test('are not asked twice for a POST that they may have looked at', async () => {
    let asked = 0
    await start((stream) => {
      asked += 1
      stream.session?.destroy()
    })
    expect(await ask('/', 'Content-Length: 0\r\n')).toMatch(/^HTTP\/1\.1 502 /)
    expect(asked).toBe(1)
  })

  test('say goodbye with GOAWAY, and the next request goes over a new session', async () => {
    const { sessions } = await start(ok)
    await ask()
    sessions[0]!.goaway()
    await expect
      .poll(async () => {
        expect(await ask()).toContain('ok')
        return sessions.length
      })
      .toBe(2)
  })

  test('get the requests that a GOAWAY leaves out again, on another session', async () => {
    let sessions = 0
    const origin = await startRawOrigin((socket) => {
      sessions += 1
      const isFirst = sessions === 1
      let received = Buffer.alloc(0)
      let answered = 0
      socket.write(frame('settings', 0, 0))
      socket.on('data', (bytes: Buffer) => {
        received = Buffer.concat([received, bytes])
        const asked = readFrames(received.subarray(clientPreface)).filter(
          ({ type }) => type === frameTypes.headers,
        )
        if (isFirst && asked.length < 3) return
        // The first session takes none of its requests, and is closed a moment later.
        if (isFirst) {
          socket.write(frame('goAway', 0, 0, Buffer.alloc(8)))
          return void setTimeout(() => socket.destroy(), 100)
        }
        for (; answered < asked.length; answered += 1)
          socket.write(frame('headers', 5, asked[answered]!.stream, headerBlock([[':status', '204']])))
      })
    })
    closers.push(origin.close)
    serve(origin.port)
    const answers = await Promise.all(Array.from({ length: 3 }, () => ask('/', 'Content-Length: 0\r\n')))
    expect(answers.map((answer) => answer.slice(0, 12))).toEqual(Array(3).fill('HTTP/1.1 204'))
    expect(sessions).toBe(2)
  })

  test('cannot send a second response as the body of one that has none', async () => {
    const forged = 'HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nforged'
    const origin = await startRawOrigin((socket) => {
      socket.write(frame('settings', 0, 0))
      socket.once('data', () =>
        socket.on('data', (bytes: Buffer) => {
          for (const { type, stream } of readFrames(bytes)) {
            if (type !== frameTypes.headers) continue
            socket.write(frame('headers', 4, stream, headerBlock([[':status', '200']])))
            socket.write(frame('data', 1, stream, Buffer.from(forged)))
          }
        }),
      )
    })
    closers.push(origin.close)
    serve(origin.port)
    const head = 'HEAD / HTTP/1.1\r\nHost: h.test\r\n\r\n'
    expect(await exchangeBytes(await connectPlain(edge.http), head)).not.toContain('forged')
  })

  test('get no more concurrent streams than they allow; the rest waits, or is refused', async () => {
    let open = 0
    let most = 0
    const onStream: OnStream = (stream, headers, raw) => {
      open += 1
      most = Math.max(most, open)
      setTimeout(() => {
        open -= 1
        if (!stream.destroyed) ok(stream, headers, raw)
      }, 100)
    }
    const { sessions } = await start(onStream, { settings: { maxConcurrentStreams: 2 } })
    const answers = await Promise.all(Array.from({ length: 6 }, () => ask()))
    expect(answers.filter((answer) => answer.startsWith('HTTP/1.1 200')).length).toBeGreaterThanOrEqual(4)
    expect(answers.every((answer) => /^HTTP\/1\.1 (200|503)/.test(answer))).toBe(true)
    expect(most).toBeLessThanOrEqual(4)
    expect(sessions.length).toBeLessThanOrEqual(2)
  })

  test('leave the client with a visibly cut response if they end one halfway', async () => {
    await start((stream) => {
      stream.respond({ ':status': 200 })
      stream.write('half', () => setTimeout(() => stream.destroy(new Error('no more')), 20))
    })
    const answer = await ask()
    expect(answer).toContain('half')
    expect(answer).not.toContain('\r\n0\r\n')
  })

  test('give 504 if they take too long', async () => {
    await start(() => {})
    expect(await ask()).toMatch(/^HTTP\/1\.1 504 [\s\S]*did not respond in time/)
  })

  test('give 502 without HTTP/2, and 504 if they stay silent', async () => {
    const http1 = await startOrigin((_request, response) => response.end('never'))
    closers.push(http1.close)
    serve(http1.port)
    expect(await ask()).toMatch(/^HTTP\/1\.1 502 /)
    const mute = await startRawOrigin(() => {})
    closers.push(mute.close)
    serve(mute.port)
    expect(await ask()).toMatch(/^HTTP\/1\.1 504 [\s\S]*did not accept a connection in time/)
  })

  test('give 504 if they never allow a stream', async () => {
    await start(ok, { settings: { maxConcurrentStreams: 0 } })
    expect(await ask()).toMatch(/^HTTP\/1\.1 504 [\s\S]*did not accept a connection in time/)
  })

  test('are found dead by a ping if they vanish with open streams', async () => {
    const sockets: Socket[] = []
    const dead = await startRawOrigin((socket) => {
      sockets.push(socket)
      socket.write(frame('settings', 0, 0))
      socket.on('data', () => {})
    })
    closers.push(dead.close)
    serve(dead.port)
    const pings: Buffer[] = []
    const answer = ask('/', 'Transfer-Encoding: chunked\r\n')
    await expect.poll(() => sockets.length).toBe(1)
    sockets[0]!.on('data', (bytes: Buffer) => pings.push(bytes))
    expect(await answer).toMatch(/^HTTP\/1\.1 50[24] /)
    expect(Buffer.concat(pings).includes(Buffer.from([0, 0, 8, frameTypes.ping, 0]))).toBe(true)
  })

  test('hear of a client that goes away in the middle of its body', async () => {
    let code = -1
    let bytes = 0
    await start((stream) => {
      stream.on('data', (piece: Buffer) => (bytes += piece.length))
      stream.on('close', () => (code = stream.rstCode))
    })
    const socket = await connectPlain(edge.http)
    socket.write('POST / HTTP/1.1\r\nHost: h.test\r\nContent-Length: 100\r\n\r\nhalf')
    await expect.poll(() => bytes).toBe(4)
    socket.destroy()
    await expect.poll(() => code).toBe(constants.NGHTTP2_CANCEL)
  })

  test('refuse what HTTP/2 cannot carry, and the edge lives on', async () => {
    await start(ok)
    const upgrade = 'Upgrade: websocket\r\nConnection: upgrade\r\n'
    const handshake = `GET / HTTP/1.1\r\nHost: h.test\r\n${upgrade}\r\n`
    const switching = await connectPlain(edge.http)
    switching.write(handshake)
    expect(await readUntil(switching, '\r\n\r\n')).toMatch(/^HTTP\/1\.1 400 /)
    switching.destroy()
    expect(await ask()).toContain('ok')
  })

  describe.each(['h2', 'http/1.1'])('that take websockets, from a client of %s', (protocol) => {
    async function startWebsockets() {
      const origin = await startHttp2Websockets()
      closers.push(() => origin.close())
      edge.apply({ routes: [routeTo(origin.port, { origin: { protocol: 'h2c' } })] })
      return origin
    }
    const open = (path: string) => openWebsocket(edge, protocol, path)

    test('carry their messages both ways as a stream of their connection', async () => {
      const { asked, closed } = await startWebsockets()
      const { socket, end } = await open('/chat?room=1')
      for (const size of [1, 70_000, 3_000_000]) {
        const message = Buffer.alloc(size, size % 251)
        socket.send(message)
        const [echo] = (await once(socket, 'message')) as [Buffer]
        expect(echo.equals(message)).toBe(true)
      }
      expect(asked).toMatchObject([
        { ':method': 'CONNECT', ':protocol': 'websocket', ':path': '/chat?room=1', ':scheme': 'http' },
      ])
      expect(asked[0]).not.toHaveProperty('sec-websocket-key')
      // The origin sees the close code. The client's library expects a socket and reports the end of a stream
      // as a lost connection.
      socket.close(4000, 'done')
      await expect.poll(() => closed).toEqual([4000])
      end()
    })

    test('may refuse them', async () => {
      await startWebsockets()
      await expect(open('/closed')).rejects.toThrow('403')
    })
  })

  test('hold back a body that the client does not read, without holding up others', async () => {
    const { sessions } = await start((stream, headers, raw) => {
      if (headers[':path'] !== '/big') return ok(stream, headers, raw)
      stream.respond({ ':status': 200 })
      const piece = Buffer.alloc(256 * 1024)
      let left = 400
      const more = (): void => {
        while (left-- > 0) if (!stream.write(piece)) return void stream.once('drain', more)
        stream.end()
      }
      more()
    })
    const slow = await connectPlain(edge.http)
    slow.write('GET /big HTTP/1.1\r\nHost: h.test\r\n\r\n')
    await readUntil(slow, '200 OK')
    slow.pause()
    const before = residentBytes()
    for (let turn = 0; turn < 5; turn += 1) expect(await ask()).toContain('ok')
    expect(residentBytes() - before).toBeLessThan(40 * 1024 * 1024)
    expect(sessions).toHaveLength(1)
    let rest = 0
    slow.on('data', (chunk: Buffer) => (rest += chunk.length))
    slow.resume()
    await expect.poll(() => rest, { timeout: 10_000 }).toBeGreaterThan(400 * 256 * 1024 - 1024 * 1024)
    slow.destroy()
  })

  describe('over TLS', () => {
    const authority = createTestAuthority({ commonName: 'Origin authority' })
    const leaf = issueTestLeaf(authority, { names: ['h.test'] })
    const pair = { cert: leaf.chainPem, key: leaf.keyPem }
    const tls = {
      protocol: 'https',
      http2: true,
      verify: true,
      anchorsPem: authority.certificatePem,
    } as const
    const version: OnStream = (stream) => {
      stream.respond({ ':status': 200 })
      stream.end('over h2')
    }

    test('are spoken to over HTTP/2 where they offer it', async () => {
      const { port } = await listen(createSecureServer(pair), version)
      serve(port, tls)
      expect(await ask()).toContain('over h2')
    })

    test('are spoken to over HTTP/1.1 where they do not, or where it is not asked for', async () => {
      const server = createHttpsServer(pair, (request, response) =>
        response.end(`over ${request.httpVersion}`),
      )
      server.listen(0, '127.0.0.1')
      await once(server, 'listening')
      closers.push(() => (server.close(), server.closeAllConnections()))
      const { port } = server.address() as AddressInfo
      serve(port, tls)
      expect(await ask()).toContain('over 1.1')
      expect(await ask()).toContain('over 1.1')
      serve(port, { ...tls, http2: false })
      expect(await ask()).toContain('over 1.1')
    })

    test('must verify by the anchors given for them, and by nothing else', async () => {
      const { port } = await listen(createSecureServer(pair), version)
      const stranger = createTestAuthority({ commonName: 'Stranger' })
      edge.apply({ extraOriginAnchors: [authority.certificatePem] })
      serve(port, { ...tls, anchorsPem: stranger.certificatePem })
      expect(await ask()).toMatch(/^HTTP\/1\.1 502 [\s\S]*certificate that does not verify/)
      edge.apply({ extraOriginAnchors: [] })
    })
  })
})
