import type { IncomingMessage, ServerResponse } from 'node:http'
import { createServer } from 'node:https'
import type { AddressInfo, Socket } from 'node:net'
import { createSecureContext, type SecureContext, type TlsOptions } from 'node:tls'
import {
  contained,
  type Failed,
  keepListening,
  localTimeouts,
} from '../../../platform/listeners/keep-listening.ts'
import { isOwnPeer } from '../../../platform/listeners/peer-user.ts'
import { createThreadShare, type ThreadShare } from '../../../platform/listeners/thread-share.ts'
import { createWorkBudget } from '../../../platform/listeners/work-budget.ts'
import type { Behaviour, Fault } from './behaviour.ts'
import { AcmeProblem } from './problem.ts'
import { type AcmeAnswer, asProblem } from './request.ts'
import type { AcmeServer } from './server.ts'

/*
 * Threat: every program and user of this computer reaches this listener, and web pages try to. It listens on
 * loopback only. Where the system identifies users, only programs of the engine's user and of root get an
 * answer. `Host` is checked before the request (DNS rebinding). A request that changes something is signed
 * and has a content type that no page can send without a preflight. Bodies, connections, times and the share
 * of the thread are bounded, and an exception ends its own request only.
 */

const longestBody = 64 * 1024
const mostConnections = 256
const addresses = ['127.0.0.1', '::1']
/** Budget of half the engine's thread, in milliseconds. */
const threadShare = { perWindow: 50, windowMs: 100 }
/** Limit on pipelined requests: no ACME client sends more before it reads an answer. */
const mostPending = 2

export interface ServerCertificate {
  chainPem: string
  keyPem: Buffer
}

export type AcmeListener = Awaited<ReturnType<typeof listenForAcme>>

/**
 * Serves ACME over HTTPS on loopback: `https://localhost:PORT/directory`. The caller zeroes the key.
 * `beforeHandshake` may set another certificate; if it fails, the present one stays.
 */
export async function listenForAcme(options: {
  server: AcmeServer
  behaviour: () => Behaviour
  port: number
  certificate: ServerCertificate
  beforeHandshake: () => Promise<void>
  failed: Failed
}) {
  const { server, behaviour, port, certificate, beforeHandshake, failed } = options
  const share = createThreadShare(createWorkBudget(threadShare))
  let context = createSecureContext(tlsOf(certificate))
  // SNI callback. A client that connects to an address gets the present certificate.
  const answerName = async (done: (error: Error | null, context: SecureContext) => void) => {
    await beforeHandshake().catch(failed)
    done(null, context)
  }
  const SNICallback: TlsOptions['SNICallback'] = (_name, done) => void answerName(done)
  const handle = (request: IncomingMessage, response: ServerResponse) =>
    answer({ request, response, server, behaviour: behaviour(), failed, share })
  const made = addresses.map(() =>
    createServer({ ...localTimeouts, ...tlsOf(certificate), SNICallback }, contained(handle, failed)),
  )
  const [first, second] = made
  if (!first || !second) throw new TypeError('There is a listener for each address')
  await keepListening(first, { host: addresses[0], port }, { mostConnections, failed })
  const bound = (first.address() as AddressInfo).port
  try {
    await keepListening(second, { host: addresses[1], port: bound }, { mostConnections, failed })
  } catch (error) {
    // Without IPv6, clients use the IPv4 address, which they try as well.
    if ((error as NodeJS.ErrnoException).code !== 'EADDRNOTAVAIL') {
      first.close()
      throw error
    }
  }
  return {
    port: bound,
    /** Applies from the next handshake on. */
    setCertificate(next: ServerCertificate) {
      context = createSecureContext(tlsOf(next))
      for (const each of made) each.setSecureContext(tlsOf(next))
    },
    async close() {
      await Promise.all(
        made.map((each) => {
          const { promise, resolve } = Promise.withResolvers<void>()
          each.close(() => resolve())
          each.closeAllConnections()
          return promise
        }),
      )
    },
  }
}

function tlsOf({ chainPem, keyPem }: ServerCertificate) {
  return { cert: chainPem, key: keyPem, minVersion: 'TLSv1.2' as const, ALPNProtocols: ['http/1.1'] }
}

interface Answering {
  request: IncomingMessage
  response: ServerResponse
  server: AcmeServer
  behaviour: Behaviour
  failed: Failed
  share: ThreadShare
}

async function answer(answering: Answering): Promise<void> {
  const { request, response, server, failed, share } = answering
  if ((await isOwn(request.socket)) === false) return refuse(response)
  const nonce = () => ({ 'replay-nonce': server.nonces.next() })
  try {
    const base = baseOf(request)
    const bytes = request.method === 'POST' ? await bytesOf(request) : undefined
    if (share.pending(request.socket) >= mostPending) return void request.socket.destroy()
    const answered = await share.run(request.socket, () => answerOf(answering, base, bytes))
    if (!answered) return
    const headers = { link: `<${base}/directory>;rel="index"`, ...answered.headers, ...nonce() }
    send(response, { ...answered, headers })
  } catch (error) {
    const problem = asProblem(error)
    if (problem.type === 'serverInternal' && problem !== error) failed(error)
    const { retryAfter, headers } = problem.more
    send(response, {
      status: problem.status,
      body: problem.document(),
      contentType: 'application/problem+json',
      headers: {
        ...headers,
        ...nonce(),
        ...(retryAfter === undefined ? {} : { 'retry-after': String(retryAfter) }),
        ...(problem.status === 413 ? { connection: 'close' } : {}),
      },
    })
  }
}

/** Undefined if the client disconnected meanwhile. */
async function answerOf(
  { request, response, server, behaviour }: Answering,
  base: string,
  bytes: Buffer | undefined,
): Promise<AcmeAnswer | undefined> {
  if (response.destroyed) return undefined
  return server.answer({
    method: request.method ?? '',
    base,
    path: request.url ?? '',
    userAgent: request.headers['user-agent'] ?? '',
    body: bytes && bodyIn(bytes, behaviour),
  })
}

const judged = new WeakMap<Socket, Promise<boolean | null>>()
/** Timeout: the kernel's tables have the client's end of a connection as long as its process lives. */
const identifyMs = 2000

/** Result of `isOwnPeer`, cached per connection. */
function isOwn(socket: Socket): Promise<boolean | null> {
  const known = judged.get(socket) ?? isOwnPeer(socket, AbortSignal.timeout(identifyMs))
  judged.set(socket, known)
  return known
}

function refuse(response: ServerResponse): void {
  const problem = new AcmeProblem(
    'unauthorized',
    'Only programs of the user who runs Edgekeep, and of root, are clients of this server.',
  )
  const contentType = 'application/problem+json'
  send(response, {
    ...{ status: problem.status, body: problem.document(), contentType },
    headers: { connection: 'close' },
  })
}

/** Base URL as in the client's request, since the signature covers it; limited to this server. */
function baseOf(request: IncomingMessage): string {
  const { localPort } = request.socket
  const host = request.headers.host ?? ''
  const ours = ['localhost', '127.0.0.1', '[::1]'].map((name) => `${name}:${localPort}`)
  if (ours.includes(host)) return `https://${host}`
  throw new AcmeProblem('malformed', 'This server is called localhost.', { status: 421 })
}

async function bytesOf(request: IncomingMessage): Promise<Buffer> {
  const [type] = (request.headers['content-type'] ?? '').split(';')
  if (type?.trim().toLowerCase() !== 'application/jose+json')
    throw new AcmeProblem('malformed', 'A request is of the type application/jose+json.', { status: 415 })
  return readBody(request)
}

function bodyIn(bytes: Buffer, behaviour: Behaviour): unknown {
  const fault = behaviour.fault()
  if (fault) {
    behaviour.note({ what: 'refused', accountId: accountIn(bytes), fault })
    throw problemOf(fault)
  }
  try {
    return JSON.parse(bytes.toString('utf8')) as unknown
  } catch {
    throw new AcmeProblem('malformed', 'The request is not JSON.')
  }
}

async function readBody(request: IncomingMessage): Promise<Buffer> {
  const pieces: Buffer[] = []
  let length = 0
  for await (const piece of request as AsyncIterable<Buffer>) {
    length += piece.length
    if (length > longestBody)
      throw new AcmeProblem('malformed', `A request has ${longestBody} bytes at the most.`, { status: 413 })
    pieces.push(piece)
  }
  return Buffer.concat(pieces)
}

function problemOf(fault: Fault): AcmeProblem {
  if (fault === 'bad-nonce') return new AcmeProblem('badNonce', 'The nonce is not known here any more.')
  return new AcmeProblem('serverInternal', 'The service is down for maintenance.', {
    status: 503,
    retryAfter: 1,
  })
}

/** Account that a request claims, unverified: for the rehearsal report only. */
function accountIn(body: Buffer): string | null {
  const header = textAfter(body.toString('latin1', 0, 8192), '"protected":"', 4096)
  const id = textAfter(Buffer.from(header, 'base64url').toString('latin1'), '/account/', 16)
  return /^[\w-]{16}$/.test(id) ? id : null
}

/** Text between `mark` and the next quote. */
function textAfter(text: string, mark: string, most: number): string {
  const at = text.replaceAll(' ', '').indexOf(mark)
  if (at === -1) return ''
  const rest = text.replaceAll(' ', '').slice(at + mark.length, at + mark.length + most)
  return rest.split('"', 1)[0] ?? ''
}

function send(response: ServerResponse, { status, body, contentType, headers }: AcmeAnswer): void {
  const text = body === undefined ? '' : typeof body === 'string' ? body : JSON.stringify(body)
  response
    .writeHead(status, {
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
      ...(text === '' ? {} : { 'content-type': contentType ?? 'application/json' }),
      ...headers,
    })
    .end(text)
}
