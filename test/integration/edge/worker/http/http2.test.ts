import { execFile } from 'node:child_process'
import { once } from 'node:events'
import type { IncomingMessage, ServerResponse } from 'node:http'
import {
  connect,
  constants,
  type ClientHttp2Session,
  type ClientHttp2Stream,
  type IncomingHttpHeaders,
  type OutgoingHttpHeaders,
} from 'node:http2'
import { connect as connectTls } from 'node:tls'
import { promisify } from 'node:util'
import { afterEach, describe, expect, test } from 'vitest'
import { routeTo, startTestEdge } from '../../../../support/edge/edge.ts'
import { startOrigin } from '../../../../support/edge/origin.ts'
import { frame, preface, requestBlock } from '../../../../support/edge/http2-frames.ts'
import { edgeWithOrigin } from '../../../../support/edge/edge-with-origin.ts'

type Handler = (request: IncomingMessage, response: ServerResponse) => void

interface Answer {
  status: number
  headers: IncomingHttpHeaders
  body: string
  trailers: IncomingHttpHeaders
}

describe('HTTP/2 at the edge', () => {
  let handler: Handler = () => {}
  const sessions: ClientHttp2Session[] = []

  const edge = edgeWithOrigin(() => startOrigin((request, response) => handler(request, response)), {
    limits: { headMs: 1_000, keepAliveMs: 500, bodyPauseMs: 500 },
  })
  afterEach(() => {
    for (const session of sessions.splice(0)) session.destroy()
  })

  function open(settings = {}): ClientHttp2Session {
    const session = connect(`https://shop.test:${edge.https}`, {
      settings,
      createConnection: () =>
        connectTls({
          host: '127.0.0.1',
          port: edge.https,
          servername: 'shop.test',
          ca: edge.authority.certificatePem,
          ALPNProtocols: ['h2'],
        }),
    })
    session.on('error', () => {})
    sessions.push(session)
    return session
  }

  async function answerOf(stream: ClientHttp2Stream): Promise<Answer> {
    let body = ''
    let trailers: IncomingHttpHeaders = {}
    stream.setEncoding('latin1').on('data', (text: string) => (body += text))
    stream.on('trailers', (headers: IncomingHttpHeaders) => (trailers = headers))
    const [headers] = (await once(stream, 'response')) as [IncomingHttpHeaders & { ':status': number }]
    if (!stream.readableEnded) await once(stream, 'end')
    return { status: headers[':status'], headers, body, trailers }
  }

  function ask(session: ClientHttp2Session, headers: OutgoingHttpHeaders, body?: string): Promise<Answer> {
    const stream = session.request(
      { ':authority': 'shop.test', ...headers },
      { endStream: body === undefined },
    )
    stream.on('error', () => {})
    if (body !== undefined) stream.end(body)
    return answerOf(stream)
  }

  test('passes requests and responses on, many at a time', async () => {
    handler = (request, response) => {
      response.setHeader('X-One', ['1', '2'])
      response.end(
        `${request.method} ${request.url} ${request.headers.host} ${request.headers['x-forwarded-proto']}`,
      )
    }
    const session = open()
    const answers = await Promise.all(
      Array.from({ length: 50 }, (_, at) => ask(session, { ':path': `/${at}?q` })),
    )
    answers.forEach(({ status, body, headers }, at) => {
      expect(status).toBe(200)
      expect(body).toBe(`GET /${at}?q shop.test https`)
      expect(headers['x-one']).toBe('1, 2')
      expect(headers).not.toHaveProperty('connection')
      expect(headers).not.toHaveProperty('keep-alive')
      expect(headers).not.toHaveProperty('transfer-encoding')
    })
  })

  test('tells the origin who asked, and joins the crumbs of a cookie', async () => {
    const seen = new Promise<IncomingMessage>((resolve) => {
      handler = (request, response) => {
        resolve(request)
        response.end()
      }
    })
    await ask(open(), {
      ':path': '/',
      cookie: ['a=1', 'b=2'],
      'x-forwarded-for': '6.6.6.6',
      forwarded: 'for=6.6.6.6',
    })
    const { headers, rawHeaders } = await seen
    expect(headers.cookie).toBe('a=1; b=2')
    expect(headers['x-forwarded-for']).toBe('127.0.0.1')
    expect(rawHeaders.join()).not.toContain('6.6.6.6')
  })

  test.each([
    ['with a length', { 'content-length': '5' }],
    ['without a length', {}],
  ])('passes a body on %s', async (_name, headers) => {
    handler = (request, response) => {
      response.setHeader(
        'X-Framing',
        String(request.headers['content-length'] ?? request.headers['transfer-encoding']),
      )
      request.pipe(response)
    }
    const answer = await ask(open(), { ':method': 'POST', ':path': '/', ...headers }, 'hello')
    expect(answer.body).toBe('hello')
    expect(answer.headers['x-framing']).toBe('content-length' in headers ? '5' : 'chunked')
  })

  test('passes trailers on in both directions, as gRPC needs them', async () => {
    let seen: NodeJS.Dict<string> = {}
    handler = (request, response) =>
      request.resume().on('end', () => {
        seen = request.trailers
        expect(request.headers.te).toBe('trailers')
        response.writeHead(200, { Trailer: 'grpc-status' })
        response.write('message')
        response.addTrailers({ 'grpc-status': '0' })
        response.end()
      })
    const stream = open().request(
      { ':method': 'POST', ':path': '/', ':authority': 'shop.test', te: 'trailers' },
      { waitForTrailers: true },
    )
    stream.on('wantTrailers', () => stream.sendTrailers({ 'x-check': 'yes' }))
    stream.end('request')
    const answer = await answerOf(stream)
    expect(answer.body).toBe('message')
    expect(answer.trailers['grpc-status']).toBe('0')
    expect(seen).toEqual({ 'x-check': 'yes' })
  })

  test('answers HEAD, 204 and 304', async () => {
    handler = (request, response) => {
      const status = Number(request.url?.slice(1))
      response.writeHead(status, status === 204 ? {} : { 'Content-Length': '1000' }).end()
    }
    const session = open()
    expect(await ask(session, { ':method': 'HEAD', ':path': '/200' })).toMatchObject({
      status: 200,
      body: '',
    })
    expect(await ask(session, { ':path': '/204' })).toMatchObject({ status: 204, body: '' })
    expect(await ask(session, { ':path': '/304' })).toMatchObject({ status: 304, body: '' })
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
    const stream = open().request({
      ':method': 'PUT',
      ':path': '/',
      ':authority': 'shop.test',
      expect: '100-continue',
    })
    const interim: number[] = []
    stream.on('headers', (headers: IncomingHttpHeaders & { ':status': number }) =>
      interim.push(headers[':status']),
    )
    await once(stream, 'continue')
    stream.end('ok')
    expect((await answerOf(stream)).body).toBe('ok')
    expect(interim).toContain(103)
  })

  test('answers 421 to an authority that is not the name of the handshake', async () => {
    expect(await ask(open(), { ':authority': 'other.test', ':path': '/' })).toMatchObject({ status: 421 })
    expect(await ask(open(), { ':path': '/', host: 'other.test' })).toMatchObject({ status: 400 })
  })

  test('redirects with method and query kept', async () => {
    edge.apply({ routes: [routeTo(edge.origin.port, { redirect: { mode: 'http', code: 307 } })] })
    const answer = await ask(open(), { ':method': 'POST', ':path': '/a?b' }, 'x')
    expect(answer.status).toBe(307)
    expect(answer.headers.location).toBe(`http://shop.test:${edge.http}/a?b`)
    edge.apply({ routes: [routeTo(edge.origin.port)] })
  })

  test('says that the origin is not there, and keeps the connection', async () => {
    const session = open()
    edge.apply({ routes: [routeTo(1)] })
    expect(await ask(session, { ':path': '/' })).toMatchObject({ status: 502 })
    edge.apply({ routes: [routeTo(edge.origin.port)] })
    handler = (_request, response) => response.end('back')
    expect(await ask(session, { ':path': '/' })).toMatchObject({ status: 200, body: 'back' })
  })

  test.each(['Content-Type', 'ETag', 'Location', 'Age'])(
    'passes on what an origin says twice that may be said once: %s',
    async (name) => {
      handler = (_request, response) => {
        response.writeHead(200, [name, '1', name, '2', 'Transfer-Encoding', 'chunked', 'Trailer', name])
        response.end('whole')
      }
      const stream = open().request({ ':path': '/', ':authority': 'shop.test' })
      const [, , rawHeaders] = (await once(stream, 'response')) as [unknown, unknown, string[]]
      const field = name.toLowerCase()
      expect(rawHeaders.join(' ')).toContain(`${field} 1 ${field} 2`)
      stream.resume()
      await once(stream, 'close')
    },
  )

  test('resets the stream when a response is cut, and no other', async () => {
    handler = (request, response) => {
      if (request.url === '/whole') return void setTimeout(() => response.end('whole'), 100)
      response.writeHead(200, { 'Content-Length': '10' })
      response.write('half')
      setTimeout(() => request.socket.destroy(), 20)
    }
    const session = open()
    const whole = ask(session, { ':path': '/whole' })
    const cut = session.request({ ':path': '/cut', ':authority': 'shop.test' })
    cut.on('error', () => {}).resume()
    await new Promise((resolve) => cut.once('close', resolve))
    expect(cut.rstCode).toBe(constants.NGHTTP2_INTERNAL_ERROR)
    expect((await whole).body).toBe('whole')
  })

  test('gives the origin up when the client resets the stream', async () => {
    const closed = new Promise<void>((resolve) => {
      handler = (request, response) => {
        response.write('begun')
        request.on('close', () => resolve())
      }
    })
    const stream = open().request({ ':path': '/', ':authority': 'shop.test' })
    stream.on('error', () => {})
    await once(stream, 'data')
    stream.close(constants.NGHTTP2_CANCEL)
    await closed
  })

  test('ends an upload that the origin does not want', async () => {
    handler = (_request, response) => response.writeHead(413).end('too much')
    const stream = open().request({ ':method': 'POST', ':path': '/', ':authority': 'shop.test' })
    stream.on('error', () => {})
    const closed = once(stream, 'close')
    stream.write('x')
    expect(await answerOf(stream)).toMatchObject({ status: 413, body: 'too much' })
    await closed
    expect(stream.rstCode).toBe(constants.NGHTTP2_NO_ERROR)
  })

  test('holds a fast origin back while the client is slow', async () => {
    let written = 0
    const block = Buffer.alloc(256 * 1024)
    handler = (_request, response) => {
      const more = (): void => {
        while (written < 500 * 1024 * 1024) {
          written += block.length
          if (!response.write(block)) return void response.once('drain', more)
        }
      }
      more()
    }
    const stream = open().request({ ':path': '/', ':authority': 'shop.test' })
    stream.on('error', () => {})
    await once(stream, 'response')
    await new Promise((resolve) => setTimeout(resolve, 300))
    const before = written
    await new Promise((resolve) => setTimeout(resolve, 200))
    expect(written).toBe(before)
    expect(written).toBeLessThan(40 * 1024 * 1024)
  })

  test('closes a session on which nothing happens, and one that never speaks HTTP/2', async () => {
    const session = open()
    handler = (_request, response) => response.end()
    await ask(session, { ':path': '/' })
    await once(session, 'close')
    const mute = await edge.connect({ ALPNProtocols: ['h2'] })
    await once(mute.resume(), 'close')
  })

  test('gives up a body that stops', async () => {
    handler = (request) => request.resume()
    const stream = open().request({ ':method': 'POST', ':path': '/', ':authority': 'shop.test' })
    stream.on('error', () => {})
    stream.write('half')
    const [headers] = (await once(stream, 'response')) as [Record<string, unknown>]
    expect(headers[':status']).toBe(408)
    if (!stream.closed) await once(stream.resume(), 'close')
  })

  test('finishes what runs when it drains, and takes nothing new', async () => {
    const own = await startTestEdge([routeTo(edge.origin.port)])
    const begun = Promise.withResolvers<void>()
    handler = (_request, response) => {
      begun.resolve()
      setTimeout(() => response.end('finished'), 150)
    }
    const session = connect(`https://shop.test:${own.https}`, {
      createConnection: () =>
        connectTls({
          host: '127.0.0.1',
          port: own.https,
          servername: 'shop.test',
          ca: own.authority.certificatePem,
          ALPNProtocols: ['h2'],
        }),
    })
    session.on('error', () => {})
    const answer = ask(session, { ':path': '/' })
    await begun.promise
    const drained = own.edge.drain({ deadlineMs: 20_000, lingerMs: 0 })
    expect((await answer).body).toBe('finished')
    await drained
    await expect.poll(() => session.closed || session.destroyed).toBe(true)
  })

  test('cuts a client that does not close after the last response of a drain', async () => {
    const own = await startTestEdge([routeTo(edge.origin.port)], { limits: { lingerMs: 100 } })
    const begun = Promise.withResolvers<void>()
    handler = (_request, response) => {
      begun.resolve()
      setTimeout(() => response.end('finished'), 50)
    }
    const socket = await own.connect({ ALPNProtocols: ['h2'] })
    socket.allowHalfOpen = true
    socket.resume()
    socket.write(Buffer.concat([preface, frame('headers', 5, 1, requestBlock('shop.test'))]))
    await begun.promise
    const deadlineMs = 60_000
    const started = performance.now()
    await own.edge.drain({ deadlineMs, lingerMs: 0 })
    expect(performance.now() - started).toBeLessThan(deadlineMs)
    socket.destroy()
  })

  test('speaks with h2load, many streams at a time', async (context) => {
    handler = (_request, response) => response.end('for h2load')
    const args = ['-n400', '-c4', '-m20', '--sni=shop.test', '-H', ':authority: shop.test']
    const found = await run('h2load', [...args, `https://127.0.0.1:${edge.https}/`]).catch(
      (error: NodeJS.ErrnoException) => error,
    )
    if (found instanceof Error) return context.skip('h2load is not installed')
    expect(found.stdout).toContain('400 succeeded, 0 failed, 0 errored, 0 timeout')
    expect(found.stdout).toContain('status codes: 400 2xx')
  })

  test('speaks with curl', async (context) => {
    handler = (_request, response) => response.end('for curl')
    const url = `https://shop.test:${edge.https}/`
    const args = [
      '-sk',
      '--http2',
      '--resolve',
      `shop.test:${edge.https}:127.0.0.1`,
      '-w',
      ' %{http_version}',
      url,
    ]
    const found = await run('curl', args).catch((error: NodeJS.ErrnoException) => error)
    if (found instanceof Error) return context.skip('curl is not installed')
    expect(found.stdout).toMatch(/^for curl (2|1\.1)$/)
  })
})

const run = promisify(execFile)
