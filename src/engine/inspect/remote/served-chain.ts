import net, { isIP } from 'node:net'
import tls from 'node:tls'
import { EdgekeepError } from '../../../contract/errors/registry.ts'
import {
  AddressRefused,
  allowances,
  guardedLookup,
  requireAllowedLiteral,
} from '../../network-guard/guard.ts'
import { sentChain } from '../../../platform/tls/peer-certificates.ts'

export interface RemoteAddress {
  host: string
  port: number
  /** Server name (SNI); absent: the host, if it is a name. */
  serverName?: string
}

/** Parameters and chain of a server's handshake. */
export interface ServedChain {
  protocol: string
  cipher: string
  alpn: string
  /** Negotiated group, such as X25519MLKEM768; null where the exchange had none. */
  group: string | null
  /** DER, in the order sent; at most `mostCertificates`. */
  chain: Uint8Array[]
  tookMs: number
}

const timeoutMs = 10_000
const mostCertificates = 50

/**
 * Makes a handshake with a server and disconnects, without verification and without a request.
 * @throws EdgekeepError `remote.unreachable`
 */
export async function fetchServedChain(address: RemoteAddress): Promise<ServedChain> {
  const { host, port } = address
  const started = performance.now()
  requireAllowed(address)
  const { promise, resolve, reject } = Promise.withResolvers<ServedChain>()
  const connection = net.connect({ host, port, lookup: guardedLookup(allowances.typed) })
  const socket = tls.connect({
    socket: connection,
    servername: serverNameOf(address),
    ALPNProtocols: ['h2', 'http/1.1'],
    minVersion: 'TLSv1.2',
    // Accepts any certificate: Edgekeep's own verifier judges it afterwards.
    rejectUnauthorized: false,
  })
  const fail = (error: Error): void => reject(unreachable(address, error))
  const timer = setTimeout(() => fail(new Error('timeout')), timeoutMs)
  // The listeners stay: later errors have no effect.
  connection.on('error', fail)
  socket.on('error', fail)
  socket.once('secureConnect', () => {
    resolve({
      protocol: socket.getProtocol() ?? 'unknown',
      cipher: socket.getCipher().standardName,
      alpn: socket.alpnProtocol || '',
      group: groupOf(socket),
      chain: sentChain(socket)
        .slice(0, mostCertificates)
        .map(({ raw }) => raw),
      tookMs: Math.round(performance.now() - started),
    })
  })
  return promise.finally(() => {
    clearTimeout(timer)
    socket.destroy()
    connection.destroy()
  })
}

function groupOf(socket: tls.TLSSocket): string | null {
  const info = socket.getEphemeralKeyInfo()
  return info && 'name' in info ? (info.name ?? null) : null
}

/** @throws EdgekeepError `remote.unreachable` */
function requireAllowed(address: RemoteAddress): void {
  try {
    requireAllowedLiteral(address.host, allowances.typed)
  } catch (error) {
    throw unreachable(address, error as Error)
  }
}

function unreachable({ host, port }: RemoteAddress, cause: Error): EdgekeepError {
  return new EdgekeepError('remote.unreachable', { host, port, reason: reasonOf(cause) }, { cause })
}

function serverNameOf({ host, serverName }: RemoteAddress): string {
  const name = serverName ?? host
  return isIP(name) ? '' : name
}

const reasons = new Map<string, string>(
  Object.entries({
    ECONNREFUSED: 'nothing listens there',
    ENOTFOUND: 'the name does not resolve',
    EAI_AGAIN: 'the name does not resolve',
    ECONNRESET: 'the server closed the connection during the handshake',
    EHOSTUNREACH: 'the host cannot be reached',
    ENETUNREACH: 'the network cannot be reached',
    ETIMEDOUT: 'there was no answer in time',
    ERR_SSL_WRONG_VERSION_NUMBER: 'it does not speak TLS on this port',
    EPROTO: 'it does not speak TLS as we do',
    ERR_SSL_TLSV1_UNRECOGNIZED_NAME: 'the server does not serve this name',
    ERR_SSL_TLSV1_ALERT_UNRECOGNIZED_NAME: 'the server does not serve this name',
    ERR_SSL_SSLV3_ALERT_HANDSHAKE_FAILURE: 'the server refused the handshake; it may want another name',
    'ERR_SSL_SSL/TLS_ALERT_HANDSHAKE_FAILURE': 'the server refused the handshake; it may want another name',
    ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION: 'the server speaks no version of TLS from 1.2 on',
    ERR_SSL_UNSUPPORTED_PROTOCOL: 'the server speaks no version of TLS from 1.2 on',
  }),
)

function reasonOf(error: NodeJS.ErrnoException): string {
  if (error instanceof AddressRefused) return error.reason
  if (error.message === 'timeout') return 'there was no answer within ten seconds'
  return reasons.get(error.code ?? '') ?? `the handshake failed (${error.code ?? 'no reason given'})`
}
