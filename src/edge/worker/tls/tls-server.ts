import { cipherSuites } from '../../../domain/cipher-suites.ts'
import type { CipherProfile } from '../../../contract/domains/tls-policy.ts'
import { constants } from 'node:crypto'
import {
  createSecureContext,
  createServer,
  TLSSocket,
  type SecureContext,
  type SecureContextOptions,
  type Server,
  type TlsOptions,
} from 'node:tls'
import type { ClientHello } from './client-hello.ts'
import { readChainEarly, readClientCertificate } from './client-certificate.ts'
import type { OnFault } from '../limits/faults.ts'
import { completeGreetings, plainAddress } from './greeting.ts'
import type { HandshakeSettings } from '../../protocol/handshake-settings.ts'
import type { ServingCertificate } from '../../protocol/snapshot.ts'
import type { Arrival } from '../http/arrival.ts'

export interface TlsServerOptions {
  handshakeMs: number
  fault: OnFault
  stapleFor: (leaf: Buffer) => Buffer | null
  /** `hello` is the ClientHello; null if it is no longer known. */
  onSecure: (socket: TLSSocket, arrival: Arrival, hello: ClientHello | null) => void
}

/**
 * Creates the TLS server of one certificate under one policy. It listens nowhere: a `Greeting` passes it its
 * connections. Its ticket keys are its own, so that no other server resumes its sessions.
 *
 * @throws OpenSSL's error for an unusable certificate or key
 */
export function createTlsServer(
  { chainPem, leafKeyPem, handshake }: ServingCertificate,
  { handshakeMs, fault, stapleFor, onSecure }: TlsServerOptions,
): Server {
  const { http2, ocspStapling, clientAnchors } = handshake
  const asksForCertificate = clientAnchors.length > 0
  const context = { cert: chainPem, key: leafKeyPem, ...contextOptions(handshake) }
  const server = createServer({
    ...context,
    ALPNProtocols: http2 ? ['h2', 'http/1.1'] : ['http/1.1'],
    handshakeTimeout: handshakeMs,
    ...(asksForCertificate && askingForCertificate(createSecureContext(context))),
  })
  const onFault = (error: unknown): void => fault('A handshake failed', error)
  completeGreetings(server, onFault, (socket, greeting) => {
    socket.allowHalfOpen = true
    const arrival = {
      secure: true,
      serverName: greeting?.serverName ?? null,
      remoteAddress: greeting?.remoteAddress ?? plainAddress(socket.remoteAddress),
      // No domain is published at the empty address, so a connection of unknown source reaches none.
      publishedAddress: greeting ? greeting.publishedAddress : '',
      clientCertificate: asksForCertificate ? readClientCertificate(socket, clientAnchors) : null,
    }
    onSecure(socket, arrival, greeting?.hello ?? null)
  })
  // Without a listener OpenSSL does not pause for the staple.
  if (ocspStapling) server.on('OCSPRequest', (leaf, _issuer, done) => done(null, stapleFor(leaf)))
  return server
}

function contextOptions(handshake: HandshakeSettings): SecureContextOptions {
  const { minimumVersion, ciphers, sessionTickets, clientAnchors } = handshake
  return {
    minVersion: minimumVersion === '1.3' ? 'TLSv1.3' : 'TLSv1.2',
    ...cipherOptions(ciphers),
    ...(sessionTickets ? {} : { secureOptions: constants.SSL_OP_NO_TICKET }),
    // An anchor may be an intermediate.
    ...(clientAnchors.length > 0 && { ca: clientAnchors, allowPartialTrustChain: true }),
  }
}

/**
 * Accepts invalid client certificates, so that a page can name the reason. The context is passed again,
 * because a server's own does not allow partial chains.
 */
function askingForCertificate(context: SecureContext): TlsOptions {
  return {
    requestCert: true,
    rejectUnauthorized: false,
    SNICallback(this: unknown, _name, done) {
      if (this instanceof TLSSocket) readChainEarly(this)
      done(null, context)
    },
  }
}

type CipherOptions = Required<Pick<TlsOptions, 'ciphers' | 'honorCipherOrder' | 'ecdhCurve'>>

function cipherOptions(profile: CipherProfile): CipherOptions {
  return {
    ciphers: cipherSuites[profile].join(':'),
    honorCipherOrder: profile === 'compatible',
    ecdhCurve: 'X25519MLKEM768:X25519:prime256v1:secp384r1',
  }
}
