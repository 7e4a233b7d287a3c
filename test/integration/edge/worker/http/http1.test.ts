import { once } from 'node:events'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { describe, expect, test } from 'vitest'
import { connectPlain, exchangeBytes, readUntil, routeTo } from '../../../../support/edge/edge.ts'
import { startOrigin } from '../../../../support/edge/origin.ts'
import { edgeWithOrigin } from '../../../../support/edge/edge-with-origin.ts'

type Handler = (request: IncomingMessage, response: ServerResponse) => void

describe('HTTP/1.1 at the edge', () => {
  let handler: Handler = () => {}

  const edge = edgeWithOrigin(() => startOrigin((request, response) => handler(request, response)), {
    routes: (port) => [routeTo(port), routeTo(port, { domain: 'plain.test', certificateId: null })],
  })

  async function over(bytes: string | Buffer | (string | Buffer)[]): Promise<string> {
    return exchangeBytes(await edge.connect(), bytes)
  }
  const get = (path: string, more = '') =>
    `GET ${path} HTTP/1.1\r\nHost: shop.test\r\n${more}Connection: close\r\n\r\n`
  const headersSeen = () =>
    new Promise<IncomingMessage>((resolve) => {
      handler = (request, response) => {
        resolve(request)
        response.end()
      }
    })
  const bodyOf = (answer: string) => answer.slice(answer.indexOf('\r\n\r\n') + 4)

  test('tells the origin who asked, and believes nothing the client says of it', async () => {
    const seen = headersSeen()
    await over(
      get(
        '/path?a=b&c',
        'X-Forwarded-For: 6.6.6.6\r\nX_Forwarded_For: 6.6.6.6\r\nx-forwarded-PROTO: gopher\r\nX-Forwarded-Prefix: /x\r\n' +
          'Forwarded: for=6.6.6.6\r\nX-Real-IP: 6.6.6.6\r\nVia: 1.0 fred\r\nX-Mine: kept\r\n',
      ),
    )
    const { url, headers, rawHeaders } = await seen
    expect(url).toBe('/path?a=b&c')
    expect(headers).toMatchObject({
      host: 'shop.test',
      'x-forwarded-for': '127.0.0.1',
      'x-forwarded-proto': 'https',
      'x-forwarded-host': 'shop.test',
      'x-forwarded-port': String(edge.https),
      forwarded: 'for=127.0.0.1;host="shop.test";proto=https',
      'x-mine': 'kept',
    })
    expect(headers.via).toMatch(/^1\.0 fred, 1\.1 edgekeep-[0-9a-f]{8}$/)
    expect(rawHeaders.join()).not.toContain('6.6.6.6')
    expect(headers).not.toHaveProperty('x-forwarded-prefix')
  })

  test('keeps hop-by-hop fields from the origin, also those that Connection names', async () => {
    const seen = headersSeen()
    const socket = await edge.connect()
    socket.write(
      'GET / HTTP/1.1\r\nHost: shop.test\r\nConnection: keep-alive, X-Secret, host, cookie\r\nKeep-Alive: timeout=5\r\n' +
        'X-Secret: 1\r\nCookie: a=b\r\nProxy-Connection: keep-alive\r\nProxy-Authorization: Basic x\r\nTE: gzip\r\nUpgrade: h2c\r\n\r\n',
    )
    const { headers } = await seen
    socket.destroy()
    expect(headers.host).toBe('shop.test')
    for (const name of [
      'x-secret',
      'keep-alive',
      'cookie',
      'proxy-connection',
      'proxy-authorization',
      'te',
      'upgrade',
    ]) {
      expect(headers).not.toHaveProperty(name)
    }
  })

  test('keeps hop-by-hop fields of the origin from the client', async () => {
    handler = (_request, response) => {
      response.setHeader('Connection', 'close, X-Hop')
      response.setHeader('X-Hop', '1')
      response.setHeader('Keep-Alive', 'timeout=9')
      response.setHeader('X-End', ['1', '2'])
      response.end('ok')
    }
    const answer = await over(get('/'))
    expect(answer).not.toMatch(/x-hop/i)
    expect(answer).not.toMatch(/keep-alive/i)
    expect(answer).toContain('X-End: 1\r\nX-End: 2\r\n')
  })

  test('carries several requests on one connection, and those sent ahead in their order', async () => {
    handler = (request, response) =>
      setTimeout(() => response.end(`<${request.url}>`), request.url === '/1' ? 30 : 0)
    const ahead = ['/1', '/2', '/3'].map((path) => `GET ${path} HTTP/1.1\r\nHost: shop.test\r\n\r\n`).join('')
    const answer = await over([ahead, get('/4')])
    expect(answer.match(/<\/\d>/g)).toEqual(['</1>', '</2>', '</3>', '</4>'])
  })

  test('answers 400 to what comes after a request and is none', async () => {
    handler = (_request, response) => response.end('first')
    const answer = await over('GET / HTTP/1.1\r\nHost: shop.test\r\n\r\n00000005\r\n\r\n')
    expect(answer).toMatch(/^HTTP\/1\.1 200 OK[\s\S]*firstHTTP\/1\.1 400 Bad Request/)
  })

  test('reuses its connections to the origin', async () => {
    const ports = new Set<number | undefined>()
    handler = (request, response) => {
      ports.add(request.socket.remotePort)
      response.end()
    }
    for (let turn = 0; turn < 5; turn += 1) await over(get('/'))
    expect(ports.size).toBe(1)
  })

  test.each(['counted', 'chunked'])('streams a %s request body both ways at once', async (framing) => {
    handler = (request, response) => request.pipe(response)
    const socket = await edge.connect()
    const head = framing === 'counted' ? 'Content-Length: 6\r\n\r\n' : 'Transfer-Encoding: chunked\r\n\r\n'
    const piece = (text: string) => (framing === 'counted' ? text : `${text.length};ext=1\r\n${text}\r\n`)
    socket.write(`POST / HTTP/1.1\r\nHost: shop.test\r\n${head}`)
    socket.write(piece('one'))
    expect(await readUntil(socket, 'one')).toContain('transfer-encoding: chunked')
    socket.write(piece('two') + (framing === 'counted' ? '' : '0\r\n\r\n'))
    await readUntil(socket, '0\r\n\r\n')
    socket.write(get('/again').replace('GET', 'OPTIONS'))
    await once(socket, 'close')
  })

  test('passes trailers on in both directions, but none that would change the message', async () => {
    const seen = new Promise<NodeJS.Dict<string>>((resolve) => {
      handler = (request, response) => {
        request.resume().on('end', () => {
          resolve(request.trailers)
          response.setHeader('Trailer', 'X-Sum')
          response.write('body')
          response.addTrailers({ 'X-Sum': '42', 'Set-Cookie': 'a=b' })
          response.end()
        })
      }
    })
    const answer = await over(
      'POST / HTTP/1.1\r\nHost: shop.test\r\nTE: trailers\r\nConnection: close, TE\r\nTransfer-Encoding: chunked\r\n\r\n' +
        '2\r\nhi\r\n0\r\nX-Check: yes\r\nHost: evil.test\r\nX-Forwarded-For: 6.6.6.6\r\n\r\n',
    )
    expect(await seen).toEqual({ 'x-check': 'yes' })
    expect(answer.endsWith('4\r\nbody\r\n0\r\nx-sum: 42\r\n\r\n')).toBe(true)
  })

  test('answers HEAD, 204 and 304 without a body and keeps the connection', async () => {
    handler = (request, response) => {
      const status = Number(request.url?.slice(1))
      response.writeHead(status, status === 204 ? {} : { 'Content-Length': '1000', ETag: '"x"' })
      response.end()
    }
    const answer = await over([
      'HEAD /200 HTTP/1.1\r\nHost: shop.test\r\n\r\n',
      'GET /304 HTTP/1.1\r\nHost: shop.test\r\n\r\n',
      'GET /204 HTTP/1.1\r\nHost: shop.test\r\n\r\n',
      'HEAD /200 HTTP/1.1\r\nHost: shop.test\r\nConnection: close\r\n\r\n',
    ])
    const heads = answer.split('\r\n\r\n').slice(0, -1)
    expect(heads.map((head) => head.slice(9, 12))).toEqual(['200', '304', '204', '200'])
    expect(heads[0]).toContain('content-length: 1000')
    expect(heads[1]).toContain('content-length: 1000')
    expect(heads[2]).not.toMatch(/content-length|transfer-encoding/i)
  })

  test('relays 100 Continue and early hints', async () => {
    handler = (request, response) => {
      response.writeEarlyHints({ link: '</a.css>; rel=preload' })
      request.pipe(response)
    }
    edge.origin.server.once('checkContinue', (request: IncomingMessage, response: ServerResponse) => {
      response.writeContinue()
      handler(request, response)
    })
    const socket = await edge.connect()
    socket.write(
      'PUT / HTTP/1.1\r\nHost: shop.test\r\nContent-Length: 2\r\nExpect: 100-continue\r\nConnection: close\r\n\r\n',
    )
    const interim = await readUntil(socket, 'preload\r\n\r\n')
    expect(interim).toBe(
      'HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: </a.css>; rel=preload\r\n\r\n',
    )
    const answer = await exchangeBytes(socket, 'ok')
    expect(answer).toMatch(/^HTTP\/1\.1 200 OK/)
    expect(answer).toContain('ok')
  })

  test('closes after a response that came before the request was complete', async () => {
    handler = (_request, response) => response.writeHead(413).end('too much')
    const answer = await over([
      'POST / HTTP/1.1\r\nHost: shop.test\r\nContent-Length: 1000000\r\n\r\n',
      'x'.repeat(1000),
    ])
    expect(answer).toMatch(/^HTTP\/1\.1 413 /)
    expect(answer).toContain('connection: close')
    expect(answer).toContain('too much')
  })

  test('serves HTTP/1.0: no chunks, closed after it unless the client asks otherwise', async () => {
    handler = (request, response) => {
      if (request.url === '/counted') response.setHeader('Content-Length', '1')
      response.write('a')
      response.end(request.url === '/counted' ? '' : 'b')
    }
    const closed = await over('GET / HTTP/1.0\r\nHost: shop.test\r\n\r\n')
    expect(closed).not.toContain('chunked')
    expect(bodyOf(closed)).toBe('ab')
    const kept = await over([
      'GET /counted HTTP/1.0\r\nHost: shop.test\r\nConnection: keep-alive\r\n\r\n',
      'GET /counted HTTP/1.0\r\n\r\n',
    ])
    expect(kept.match(/HTTP\/1\.1 200/g)).toHaveLength(2)
  })

  test('passes ranges through', async () => {
    handler = (request, response) => {
      expect(request.headers.range).toBe('bytes=2-3')
      response.writeHead(206, { 'Content-Range': 'bytes 2-3/10', 'Content-Length': '2' }).end('cd')
    }
    const answer = await over(get('/', 'Range: bytes=2-3\r\n'))
    expect(answer).toMatch(/^HTTP\/1\.1 206 Partial Content/)
    expect(bodyOf(answer)).toBe('cd')
  })

  test('takes a URL as the target and lets its host count', async () => {
    handler = (request, response) => response.end(`${request.url} ${request.headers.host}`)
    expect(
      bodyOf(await over(get('https://shop.test/x?y', '').replace('Host: shop.test', 'Host: evil.test'))),
    ).toBe('/x?y shop.test')
    expect(bodyOf(await over(get('https://shop.test?y')))).toBe('/?y shop.test')
    expect(await over(get('http://shop.test/'))).toMatch(/^HTTP\/1\.1 400 /)
    expect(await over(get('https://other.test/'))).toMatch(/^HTTP\/1\.1 421 /)
  })

  test('passes OPTIONS * on and refuses tunnels and TRACE', async () => {
    handler = (request, response) => response.end(`${request.method} ${request.url}`)
    expect(bodyOf(await over(get('*').replace('GET', 'OPTIONS')))).toBe('OPTIONS *')
    expect(await over(get('*'))).toMatch(/^HTTP\/1\.1 400 /)
    expect(await over('CONNECT shop.test:443 HTTP/1.1\r\nHost: shop.test\r\n\r\n')).toMatch(
      /^HTTP\/1\.1 501 /,
    )
    expect(await over(get('/').replace('GET', 'TRACE'))).toMatch(/^HTTP\/1\.1 405 /)
  })

  test('sends the end of a request that a client gave up to the origin as an end', async () => {
    const closed = new Promise<void>((resolve) => {
      handler = (request, response) => {
        response.write('begun')
        request.socket.on('close', () => resolve())
      }
    })
    const socket = await edge.connect()
    socket.write('GET /events HTTP/1.1\r\nHost: shop.test\r\n\r\n')
    await readUntil(socket, 'begun')
    socket.destroy()
    await closed
  })

  test.each(['plain', 'TLS'])(
    'answers a client that closes its half after the request, over %s',
    async (how) => {
      handler = (request, response) =>
        request.resume().on('end', () => setTimeout(() => response.end('x'.repeat(500_000)), 50))
      const socket = how === 'TLS' ? await edge.connect() : await connectPlain(edge.http)
      let length = 0
      socket.on('data', (chunk: Buffer) => (length += chunk.length))
      socket.end('POST / HTTP/1.1\r\nHost: shop.test\r\nContent-Length: 2\r\n\r\nhi')
      await once(socket, 'close')
      expect(length).toBeGreaterThan(500_000)
    },
  )

  test('explains the error to a client that closes its half after a bad request', async () => {
    const socket = await edge.connect()
    let text = ''
    socket.on('data', (chunk: Buffer) => (text += chunk.toString()))
    socket.end('GET / HTTP/1.1\r\n\r\n')
    await once(socket, 'close')
    expect(text).toMatch(/^HTTP\/1\.1 400 /)
  })

  test('closes after a client that sends nothing and closes its half', async () => {
    const socket = await connectPlain(edge.http)
    socket.resume().end()
    await once(socket, 'close')
  })

  test('sends each event of a stream as it comes', async () => {
    let send: (text: string) => void = () => {}
    handler = (_request, response) => {
      response.writeHead(200, { 'Content-Type': 'text/event-stream' })
      response.flushHeaders()
      send = (text) => response.write(text)
    }
    const socket = await edge.connect()
    socket.write('GET /events HTTP/1.1\r\nHost: shop.test\r\n\r\n')
    await readUntil(socket, 'text/event-stream')
    for (const text of ['data: 1\n\n', 'data: 2\n\n']) {
      const arrived = readUntil(socket, text)
      send(text)
      await arrived
    }
    socket.destroy()
  })

  test('holds a fast origin back while the client is slow', async () => {
    const block = Buffer.alloc(256 * 1024, 'x')
    let written = 0
    handler = (_request, response) => {
      const more = (): void => {
        while (written < 500 * 1024 * 1024) {
          written += block.length
          if (!response.write(block)) return void response.once('drain', more)
        }
      }
      more()
    }
    const socket = await edge.connect()
    socket.write('GET / HTTP/1.1\r\nHost: shop.test\r\n\r\n')
    await readUntil(socket, '200 OK')
    socket.pause()
    let before = -1
    const stands = () => before === (before = written)
    await expect.poll(stands, { interval: 300 }).toBe(true)
    expect(written).toBeLessThan(40 * 1024 * 1024)
    socket.destroy()
  })

  test('serves a domain over plain HTTP, whether its HTTPS is on or off', async () => {
    handler = (request, response) =>
      response.end(`${request.headers['x-forwarded-proto']} ${request.headers['x-forwarded-port']}`)
    for (const host of ['plain.test', 'shop.test:8080', 'SHOP.test.']) {
      const answer = await exchangeBytes(
        await connectPlain(edge.http),
        `GET / HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`,
      )
      expect(bodyOf(answer)).toBe(`http ${edge.http}`)
    }
  })

  test('says that a domain is not here, as HTML or as text', async () => {
    const ask = async (accept: string) =>
      exchangeBytes(
        await connectPlain(edge.http),
        `GET / HTTP/1.1\r\nHost: unknown.test\r\n${accept}Connection: close\r\n\r\n`,
      )
    const html = await ask('Accept: text/html\r\n')
    expect(html).toMatch(/^HTTP\/1\.1 404 Not Found/)
    expect(html).toContain('<p>No such domain here: unknown.test.</p>')
    const text = await ask('Accept: text/plain\r\n')
    expect(text).toContain('content-type: text/plain; charset=utf-8')
    expect(bodyOf(text)).toBe('404 Not Found\nNo such domain here: unknown.test.\n')
  })
})
