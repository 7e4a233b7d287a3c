import { randomBytes } from 'node:crypto'
import { createServer, type Server, type Socket } from 'node:net'
import {
  createServer as createTlsServer,
  TLSSocket,
  type SecureContext,
  type Server as TlsServer,
} from 'node:tls'
import type { Limits } from './limits.ts'
import { listenOnAll } from './listening.ts'
import { normaliseHostname } from './routes.ts'
import type { Arrival } from './request.ts'
import type { ListenRequest } from './snapshot.ts'

export interface ListenerOptions {
  limits: Limits
  /** The context for a normalised server name, or null: the handshake is refused. */
  contextFor: (serverName: string) => SecureContext | null
  onSecure: (socket: TLSSocket, arrival: Arrival) => void
  onPlain: (socket: Socket, arrival: Arrival) => void
  /** A handshake was refused, by us or by the client; `reason` is a code. */
  onRefused: (refusal: { serverName: string | null; remoteAddress: string; reason: string }) => void
}

export interface Listening {
  https: number
  http: number
  addresses: string[]
}

/** The sockets that clients connect to: HTTPS and HTTP, on each address. */
export class Listener {
  readonly #options: ListenerOptions
  readonly #secure: TlsServer[] = []
  readonly #plain: Server[] = []

  constructor(options: ListenerOptions) {
    this.#options = options
  }

  /**
   * Listens on every address that this machine has, on the same two ports. A port 0 is chosen by the
   * system.
   *
   * @throws ListenError
   */
  async listen({ addresses, httpsPort, httpPort, sharing }: ListenRequest): Promise<Listening> {
    const where = { addresses, port: httpsPort, sharing }
    const https = await listenOnAll(where, () => this.#createSecure(), this.#secure)
    const besides = { addresses: https.addresses, port: httpPort, sharing }
    const http = await listenOnAll(besides, () => this.#createPlain(), this.#plain).catch(
      (error: unknown) => {
        for (const server of this.#secure.splice(0)) server.close()
        throw error
      },
    )
    this.forgetSessions()
    return { https: https.port, http: http.port, addresses: https.addresses }
  }

  /**
   * From now on no session made so far is resumed: session tickets are the only way to do so. New ones
   * are made under `keys`, which are wiped.
   */
  forgetSessions(keys: Buffer = randomBytes(48)): void {
    for (const server of this.#secure) server.setTicketKeys(keys)
    keys.fill(0)
  }

  /** Takes no more connections; those there are stay. */
  stop(): void {
    for (const server of [...this.#secure, ...this.#plain]) server.close()
  }

  #createPlain(): Server {
    const server = createServer({ noDelay: true, allowHalfOpen: true }, (socket) => {
      this.#options.onPlain(socket, {
        secure: false,
        serverName: null,
        remoteAddress: plainAddress(socket.remoteAddress),
      })
    })
    server.maxConnections = this.#options.limits.clientConnections
    return server
  }

  #createSecure(): TlsServer {
    const { contextFor } = this.#options
    const server = createTlsServer(
      {
        noDelay: true,
        allowHalfOpen: true,
        handshakeTimeout: this.#options.limits.handshakeMs,
        ALPNProtocols: ['h2', 'http/1.1'],
        minVersion: 'TLSv1.2',
        SNICallback(this: unknown, name, done) {
          const context = contextFor(normaliseHostname(name))
          if (context) done(null, context)
          else refuseName(this, () => done(new UnservedName(normaliseHostname(name))))
        },
      },
      (socket) => this.#onSecure(socket),
    )
    server.maxConnections = this.#options.limits.clientConnections
    server.on('tlsClientError', (error: NodeJS.ErrnoException, socket) => {
      const isUnserved = error instanceof UnservedName
      const serverName = isUnserved ? error.serverName : nameAsked(socket)
      this.#refused(socket, serverName, isUnserved ? 'unrecognized_name' : (error.code ?? 'UNKNOWN'))
      socket.destroy()
    })
    return server
  }

  #onSecure(socket: TLSSocket): void {
    const serverName = nameAsked(socket)
    // A resumed handshake does not ask for a context: whether the name is served is looked up here.
    if (serverName !== null && !this.#options.contextFor(serverName)) {
      this.#refused(socket, serverName, 'unrecognized_name')
      return void socket.destroy()
    }
    this.#options.onSecure(socket, {
      secure: true,
      serverName,
      remoteAddress: plainAddress(socket.remoteAddress),
    })
  }

  #refused(socket: TLSSocket, serverName: string | null, reason: string): void {
    this.#options.onRefused({ serverName, remoteAddress: plainAddress(socket.remoteAddress), reason })
  }
}

function nameAsked(socket: TLSSocket): string | null {
  const { servername } = socket as { servername?: string | false }
  return servername ? normaliseHostname(servername) : null
}

class UnservedName extends Error {
  readonly serverName: string
  constructor(serverName: string) {
    super('the server name is not served')
    this.serverName = serverName
  }
}

/** A fatal alert `unrecognized_name` (RFC 6066, section 3) as a plaintext record: no key is agreed on yet. */
const unrecognizedName = Buffer.from([0x15, 0x03, 0x03, 0x00, 0x02, 0x02, 0x70])

/**
 * Node answers an unknown name with a bare close. The proper alert is written on the TCP socket below
 * the TLS one, which Node hands over as `this`; without it the close alone must do.
 */
function refuseName(tlsSocket: unknown, done: () => void): void {
  const below =
    tlsSocket instanceof TLSSocket ? (tlsSocket as unknown as { _parent?: Socket })._parent : undefined
  if (below) below.write(unrecognizedName, done)
  else done()
}

function plainAddress(address: string | undefined): string {
  return (address ?? '').replace(/^::ffff:/, '')
}
