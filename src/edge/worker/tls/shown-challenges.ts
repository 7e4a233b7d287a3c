import { createServer, type Server } from 'node:tls'
import type { ShownChallenges } from '../../protocol/snapshot.ts'
import type { OnFault } from '../limits/faults.ts'
import type { Page } from '../http/pages.ts'
import type { EdgeRequest } from '../http/request.ts'
import type { ClientHello } from './client-hello.ts'
import { completeGreetings } from './greeting.ts'

/** RFC 8737, section 6.2. */
const tlsProtocol = 'acme-tls/1'
/** RFC 8555, section 8.3. */
const pathStart = '/.well-known/acme-challenge/'

/**
 * Serves ACME challenges while an order runs, for the order's name, whatever the domain's own rules: they are
 * no secret and reveal nothing of the site.
 */
export class Challenges {
  readonly #handshakeMs: number
  readonly #fault: OnFault
  #tokens = new Map<string, { hostname: string; keyAuthorization: string }>()
  #servers = new Map<string, { print: string; server: Server }>()

  constructor({ handshakeMs, fault }: { handshakeMs: number; fault: OnFault }) {
    this.#handshakeMs = handshakeMs
    this.#fault = fault
  }

  take({ http, tls }: ShownChallenges): void {
    this.#tokens = new Map(http.map(({ token, ...shown }) => [token, shown]))
    const before = this.#servers
    this.#servers = new Map(
      tls.map(({ hostname, certificatePem, keyPem }) => {
        const known = before.get(hostname)
        if (known?.print === certificatePem) return [hostname, known]
        return [hostname, { print: certificatePem, server: this.#serverOf(certificatePem, keyPem) }]
      }),
    )
  }

  answerTo({ hostname, target, method }: EdgeRequest): Page | null {
    if (this.#tokens.size === 0 || !target.startsWith(pathStart)) return null
    const shown = this.#tokens.get(target.slice(pathStart.length))
    if (shown?.hostname !== hostname || (method !== 'GET' && method !== 'HEAD')) return null
    const body = Buffer.from(shown.keyAuthorization)
    const length = ['content-length', String(body.length), 'cache-control', 'no-store']
    return {
      status: 200,
      reason: 'OK',
      headers: ['content-type', 'application/octet-stream', 'x-content-type-options', 'nosniff', ...length],
      body,
    }
  }

  /** Server for tls-alpn-01 (RFC 8737, section 3) if the client offers only that protocol; null otherwise. */
  serverFor(serverName: string, { alpnProtocols }: ClientHello): Server | null {
    if (this.#servers.size === 0 || alpnProtocols.length !== 1 || alpnProtocols[0] !== tlsProtocol)
      return null
    return this.#servers.get(serverName)?.server ?? null
  }

  /** The connection ends after its certificate was sent. */
  #serverOf(cert: string, key: string): Server {
    const server = createServer({
      cert,
      key,
      minVersion: 'TLSv1.2',
      ALPNProtocols: [tlsProtocol],
      handshakeTimeout: this.#handshakeMs,
    })
    const onFault = (error: unknown): void => this.#fault('The handshake of a challenge failed', error)
    completeGreetings(server, onFault, (socket) => {
      socket.on('error', () => socket.destroy())
      socket.end()
    })
    return server
  }
}
