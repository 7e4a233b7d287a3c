import http from 'node:http'
import { connect as connectHttp2 } from 'node:http2'
import { connect as connectTcp, isIP, type Socket } from 'node:net'
import { connect as connectTls, type TLSSocket } from 'node:tls'
import type { ServerOrigin } from '../../../contract/origins.ts'
import { hostInUrl } from '../../../contract/rules/ip-address.ts'
import { keepSession } from '../../http2/keep-session.ts'
import { failureInWords, respond } from './probe.ts'

export interface OriginProbe {
  ok: boolean
  seen: string
  tookMs: number
}

/** One request to an origin as the edge would make it; one that follows is asked as `protocol` says. */
export async function probeOrigin(
  origin: ServerOrigin,
  host: string,
  anchors: () => string[],
  protocol = origin.protocol,
): Promise<OriginProbe> {
  const started = performance.now()
  const isTls = protocol === 'https'
  const port = isTls ? origin.httpsPort : origin.httpPort
  const scheme = isTls ? 'https' : protocol === 'h2c' ? 'h2c' : 'http'
  const address = `${scheme}://${hostInUrl(origin.host)}:${port}`
  const outcome = await ask(origin, port, { isTls, isHttp2: protocol === 'h2c', host, anchors })
  const tookMs = Math.round(performance.now() - started)
  if ('failure' in outcome) return { ok: false, seen: `${address}: ${outcome.failure}.`, tookMs }
  const unverified = isTls && !origin.verify ? ' Its certificate was not verified.' : ''
  const version = outcome.isHttp2 ? ' over HTTP/2' : ''
  return { ok: true, seen: `${address} answers ${outcome.status}${version}.${unverified}`, tookMs }
}

interface Asked {
  isTls: boolean
  /** Without TLS it is known beforehand; with it the handshake tells. */
  isHttp2: boolean
  host: string
  anchors: () => string[]
}

type Outcome = { status: number; isHttp2: boolean } | { failure: string }

async function ask(origin: ServerOrigin, port: number, asked: Asked): Promise<Outcome> {
  const hostHeader = origin.hostHeader ?? asked.host
  const opened = await openSocket(origin, port, hostHeader, asked)
  if ('failure' in opened) return opened
  const { socket } = opened
  try {
    const isHttp2 = asked.isHttp2 || (socket as TLSSocket).alpnProtocol === 'h2'
    if (isHttp2) return await askHttp2(socket, hostHeader, asked.isTls)
    const headers = { host: hostHeader, 'user-agent': 'Edgekeep', accept: '*/*' }
    const request = http.request({ createConnection: () => socket, path: '/', headers })
    const { response, failure } = await respond(request)
    return response ? { status: response.status, isHttp2 } : { failure: failure ?? 'there was no answer' }
  } finally {
    socket.destroy()
  }
}

function openSocket(
  origin: ServerOrigin,
  port: number,
  hostHeader: string,
  { isTls, anchors }: Asked,
): Promise<{ socket: Socket } | { failure: string }> {
  const { promise, resolve } = Promise.withResolvers<{ socket: Socket } | { failure: string }>()
  const name = origin.sni ?? hostHeader.replace(/:\d+$/, '')
  const where = { host: origin.host, port }
  const socket = isTls
    ? connectTls({
        ...where,
        ALPNProtocols: origin.http2 ? ['h2', 'http/1.1'] : ['http/1.1'],
        rejectUnauthorized: origin.verify,
        ...(isIP(name) ? {} : { servername: name }),
        ...(origin.verify ? { ca: origin.anchorsPem ?? anchors() } : {}),
      })
    : connectTcp(where)
  socket.once(isTls ? 'secureConnect' : 'connect', () => resolve({ socket }))
  // For handshake and answer together, and not only against silence: an origin may drip.
  const deadline = setTimeout(() => {
    const late = new Error('timeout')
    resolve({ failure: failureInWords(late) })
    socket.destroy(late)
  }, TIMEOUT_MS)
  socket.once('close', () => clearTimeout(deadline))
  socket.on('error', (error) => resolve({ failure: failureInWords(error) }))
  return promise
}

function askHttp2(socket: Socket, authority: string, isTls: boolean): Promise<Outcome> {
  const { promise, resolve } = Promise.withResolvers<Outcome>()
  // What ended the socket says more than what the session makes of it.
  const fail = (error: Error) => resolve({ failure: failureInWords(socket.errored ?? error, noHttp2) })
  const session = connectHttp2('http://origin', { createConnection: () => socket })
  keepSession(session)
  session.on('error', fail)
  session.once('close', () => fail(new Error(noHttp2)))
  const stream = session.request(
    {
      ':scheme': isTls ? 'https' : 'http',
      ':authority': authority,
      ':path': '/',
      'user-agent': 'Edgekeep',
      accept: '*/*',
    },
    { endStream: true },
  )
  stream.on('error', fail)
  stream.once('response', (headers) => {
    resolve({ status: headers[':status'] ?? 0, isHttp2: true })
    session.destroy()
  })
  return promise
}

const TIMEOUT_MS = 10_000
const noHttp2 = 'it does not speak HTTP/2'
