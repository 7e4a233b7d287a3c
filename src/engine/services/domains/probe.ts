import http from 'node:http'
import type { Socket } from 'node:net'
import tls from 'node:tls'

/** What one real request saw. Exactly one of `response` and `failure` is there. */
export interface Probe {
  host: string
  handshakeMs?: number
  tls?: { protocol: string; cipher: string; alpn: string; chain: Uint8Array[] }
  response?: { status: number; location?: string; firstByteMs: number }
  failure?: string
}

export interface ProbeTarget {
  host: string
  port: number
}

const TIMEOUT_MS = 10_000
const LOOPBACK = '127.0.0.1'

/** `GET /` over HTTP from the edge on this machine, for the name `host`. */
export async function probeHttp({ host, port }: ProbeTarget): Promise<Probe> {
  const request = http.request({
    host: LOOPBACK,
    port,
    path: '/',
    headers: requestHeaders(host, port, 80),
    agent: false,
  })
  return { host, ...(await respond(request)) }
}

/**
 * A TLS handshake with the name `host`, then `GET /`. The certificate is taken as it comes: it is
 * judged afterwards by our own verifier, which says why.
 */
export async function probeHttps({ host, port }: ProbeTarget): Promise<Probe> {
  const started = performance.now()
  const handshake = await shakeHands(host, port)
  if ('failure' in handshake) return { host, failure: handshake.failure }
  const handshakeMs = Math.round(performance.now() - started)
  const { socket, seen } = handshake
  // Without an `agent` (not even `false`), or `createConnection` would not be asked.
  const request = http.request({
    createConnection: () => socket,
    path: '/',
    headers: requestHeaders(host, port, 443),
  })
  return { host, handshakeMs, tls: seen, ...(await respond(request)) }
}

function requestHeaders(host: string, port: number, usual: number): http.OutgoingHttpHeaders {
  return { host: port === usual ? host : `${host}:${port}`, 'user-agent': 'Edgekeep', accept: '*/*' }
}

type Handshake = { socket: tls.TLSSocket; seen: NonNullable<Probe['tls']> } | { failure: string }

function shakeHands(host: string, port: number): Promise<Handshake> {
  const { promise, resolve } = Promise.withResolvers<Handshake>()
  const socket = tls.connect({
    host: LOOPBACK,
    port,
    servername: host,
    ALPNProtocols: ['http/1.1'],
    rejectUnauthorized: false,
  })
  const deadline = setTimeout(() => socket.destroy(new Error('timeout')), TIMEOUT_MS)
  socket.once('secureConnect', () => resolve({ socket, seen: whatWasSeen(socket) }))
  void promise.then(() => clearTimeout(deadline))
  socket.once('error', (error) => resolve({ failure: failureInWords(error) }))
  return promise
}

function whatWasSeen(socket: tls.TLSSocket): NonNullable<Probe['tls']> {
  return {
    protocol: socket.getProtocol() ?? 'unknown',
    cipher: socket.getCipher().standardName,
    alpn: socket.alpnProtocol || '',
    chain: presentedChain(socket.getPeerCertificate(true)),
  }
}

/** Leaf first as presented. Node closes a self-signed end's issuer link on itself. */
function presentedChain(leaf: tls.DetailedPeerCertificate): Uint8Array[] {
  const chain: Uint8Array[] = []
  const seen = new Set<string>()
  for (let at: tls.DetailedPeerCertificate | undefined = leaf; at?.raw; at = at.issuerCertificate) {
    if (seen.has(at.fingerprint256)) break
    seen.add(at.fingerprint256)
    chain.push(at.raw)
  }
  return chain
}

/** Sends `request` and says how its response begins. */
export function respond(request: http.ClientRequest): Promise<Pick<Probe, 'response' | 'failure'>> {
  const { promise, resolve } = Promise.withResolvers<Pick<Probe, 'response' | 'failure'>>()
  const started = performance.now()
  // For all of it: what sends a byte now and then would not be ended by silence.
  const deadline = setTimeout(() => request.destroy(new Error('timeout')), TIMEOUT_MS)
  request.once('response', (response) => {
    const firstByteMs = Math.round(performance.now() - started)
    resolve({
      response: { status: response.statusCode ?? 0, location: response.headers.location, firstByteMs },
    })
    response.destroy()
  })
  request.once('error', (error) => resolve({ failure: failureInWords(error) }))
  request.once('close', () => {
    clearTimeout(deadline)
    resolve({ failure: 'there was no answer' })
  })
  request.once('upgrade', (_response, socket: Socket) => {
    socket.destroy()
    resolve({ failure: 'It answers with a protocol upgrade that nobody asked for.' })
  })
  request.end()
  return promise
}

const words = new Map<string, string>(
  Object.entries({
    ECONNREFUSED: 'nothing listens there',
    ENOTFOUND: 'the name does not resolve',
    EAI_AGAIN: 'the name does not resolve',
    ECONNRESET: 'the connection was closed before an answer',
    EHOSTUNREACH: 'the host cannot be reached',
    ENETUNREACH: 'the network cannot be reached',
    ETIMEDOUT: 'there was no answer in time',
    ERR_SSL_TLSV1_UNRECOGNIZED_NAME: 'the edge does not serve this name over TLS',
    ERR_SSL_TLSV1_ALERT_UNRECOGNIZED_NAME: 'the edge does not serve this name over TLS',
    ERR_TLS_CERT_ALTNAME_INVALID: 'its certificate is for another name',
    CERT_HAS_EXPIRED: 'its certificate has expired',
    DEPTH_ZERO_SELF_SIGNED_CERT:
      'its certificate is self-signed; turn verification off for this origin if that is intended',
    SELF_SIGNED_CERT_IN_CHAIN: 'its certificate leads to an authority that is not trusted here',
    UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'its certificate comes from an authority that is not trusted here',
    UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'its certificate comes without the intermediate that signed it',
    EPROTO: 'it does not speak TLS',
  }),
)

/** `other` stands for what has no words of its own. */
export function failureInWords(error: NodeJS.ErrnoException, other?: string): string {
  if (error.message === 'timeout') return 'there was no answer within ten seconds'
  return words.get(error.code ?? '') ?? other ?? `the connection failed (${error.code ?? error.message})`
}
