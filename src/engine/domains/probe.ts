import type { OutgoingHttpHeaders } from 'node:http'
import type { Socket } from 'node:net'
import type { TLSSocket } from 'node:tls'
import type { DevServerKind } from '../../contract/shared/dev-servers.ts'
import { refusalLength, refusingServer } from '../../edge/worker/findings/dev-server.ts'
import { mayRefuse } from '../../edge/worker/findings/read-page.ts'
import { mayBeNext } from './live-updates.ts'
import { sentChain } from '../../platform/tls/peer-certificates.ts'
import { ask, openSocket, UnaskedUpgrade } from '../core/single-request.ts'

/** Result of one real request. It has either `response` or `failure`. */
export interface Probe {
  host: string
  handshakeMs?: number
  tls?: { protocol: string; cipher: string; alpn: string; chain: Uint8Array[] }
  response?: {
    status: number
    location?: string
    firstByteMs: number
    /** Development server that refuses the host name by this response. */
    refusedBy: DevServerKind | null
    mayBeNext: boolean
  }
  failure?: string
}

export interface ProbeTarget {
  host: string
  port: number
}

const timeoutMs = 10_000
const loopback = '127.0.0.1'

/** Requests `GET /` over HTTP from the edge on this machine, for the name `host`. */
export async function probeHttp({ host, port }: ProbeTarget): Promise<Probe> {
  try {
    const socket = await openSocket({ host: loopback, port }, AbortSignal.timeout(timeoutMs))
    return { host, response: await askForRoot(socket, requestHeaders(host, port, 80)) }
  } catch (error) {
    return { host, failure: connectionErrorMessage(error as Error) }
  }
}

/**
 * Makes a TLS handshake with the name `host`, then `GET /`. Accepts any certificate: Edgekeep's own verifier
 * judges it afterwards, with reasons.
 */
export async function probeHttps({ host, port }: ProbeTarget): Promise<Probe> {
  const started = performance.now()
  const probe: Probe = { host }
  const tls = { servername: host, ALPNProtocols: ['http/1.1'], rejectUnauthorized: false }
  try {
    const socket = await openSocket({ host: loopback, port, tls }, AbortSignal.timeout(timeoutMs))
    probe.handshakeMs = Math.round(performance.now() - started)
    probe.tls = whatWasSeen(socket as TLSSocket)
    probe.response = await askForRoot(socket, requestHeaders(host, port, 443))
    probe.tls.alpn = await protocolOfBrowsers({ host, port })
  } catch (error) {
    probe.failure = connectionErrorMessage(error as Error)
  }
  return probe
}

/** ALPN protocol of a client that offers HTTP/2, as browsers do; the request itself is HTTP/1.1. */
async function protocolOfBrowsers({ host, port }: ProbeTarget): Promise<string> {
  const tls = { servername: host, ALPNProtocols: ['h2', 'http/1.1'], rejectUnauthorized: false }
  const socket = await openSocket({ host: loopback, port, tls }, AbortSignal.timeout(timeoutMs))
  socket.destroy()
  return (socket as TLSSocket).alpnProtocol || ''
}

function requestHeaders(host: string, port: number, usual: number): OutgoingHttpHeaders {
  return { host: port === usual ? host : `${host}:${port}`, 'user-agent': 'Edgekeep', accept: '*/*' }
}

function whatWasSeen(socket: TLSSocket): NonNullable<Probe['tls']> {
  return {
    protocol: socket.getProtocol() ?? 'unknown',
    cipher: socket.getCipher().standardName,
    alpn: socket.alpnProtocol || '',
    chain: sentChain(socket).map(({ raw }) => raw),
  }
}

/** Requests `GET /` and returns the start of the response. */
export function askForRoot(
  socket: Socket,
  headers: OutgoingHttpHeaders,
): Promise<NonNullable<Probe['response']>> {
  const started = performance.now()
  return ask(socket, { path: '/', headers }, async (response) => {
    const { statusCode: status = 0, headers: fields } = response
    const firstByteMs = Math.round(performance.now() - started)
    const refusedBy = await refusalIn(response, status)
    return { status, location: fields.location, firstByteMs, refusedBy, mayBeNext: mayBeNext(fields) }
  })
}

/** Development server that refuses the host name with this response. */
export async function refusalIn(body: AsyncIterable<Buffer>, status: number): Promise<DevServerKind | null> {
  if (!mayRefuse(status)) return null
  // A body that breaks off is no refusal, and the status is known all the same.
  const text = await beginningOf(body, refusalLength).catch(() => Buffer.alloc(0))
  return refusingServer(status, text.toString('latin1'))
}

/** Reads a body up to `mostBytes`. */
export async function beginningOf(body: AsyncIterable<Buffer>, mostBytes: number): Promise<Buffer> {
  const pieces: Buffer[] = []
  let size = 0
  for await (const piece of body) {
    pieces.push(piece.subarray(0, mostBytes - size))
    size += piece.length
    if (size >= mostBytes) break
  }
  return Buffer.concat(pieces)
}

const errorMessages = new Map<string, string>(
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
    SELF_SIGNED_CERT_IN_CHAIN: 'its certificate chains to an authority that is not trusted here',
    UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'its certificate comes from an authority that is not trusted here',
    UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'its certificate comes without the intermediate that signed it',
    EPROTO: 'it does not speak TLS',
  }),
)

/** A step of a request was late; the message says which one and after what time. */
export class LateStep extends Error {}

/** `other`: sentence for errors without one. */
export function connectionErrorMessage(error: NodeJS.ErrnoException, other?: string): string {
  if (error.name === 'TimeoutError') return 'there was no answer within ten seconds'
  if (error instanceof LateStep) return error.message
  if (error instanceof UnaskedUpgrade) return 'It answers with a protocol upgrade that was not requested.'
  if (error.message === 'no answer') return 'there was no answer'
  return (
    errorMessages.get(error.code ?? '') ?? other ?? `the connection failed (${error.code ?? error.message})`
  )
}
