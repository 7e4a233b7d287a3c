import { randomBytes } from 'node:crypto'
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net'
import {
  createServer as createTlsServer,
  TLSSocket,
  type SecureContext,
  type Server as TlsServer,
} from 'node:tls'
import type { Limits } from './limits.ts'
import { normaliseHostname } from './routes.ts'
import type { Arrival } from './request.ts'
import type { ListenRequest } from './snapshot.ts'

export interface ListenerOptions {
  limits: Limits
  /** The context for a normalised server name, or null: the handshake is refused. */
  contextFor: (serverName: string) => SecureContext | null
  onSecure: (socket: TLSSocket, arrival: Arrival) => void
  onPlain: (socket: Socket, arrival: Arrival) => void
}

export interface Listening {
  https: number
  http: number
  addresses: string[]
}

export class ListenError extends Error {
  readonly code: string
  readonly port: number
  constructor(code: string, port: number) {
    super(`cannot listen on port ${port}: ${code}`)
    this.code = code
    this.port = port
  }
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
  async listen({ addresses, httpsPort, httpPort }: ListenRequest): Promise<Listening> {
    const https = await listenOnAll(addresses, httpsPort, () => this.#createSecure(), this.#secure)
    const http = await listenOnAll(https.addresses, httpPort, () => this.#createPlain(), this.#plain).catch(
      (error: unknown) => {
        for (const server of this.#secure.splice(0)) server.close()
        throw error
      },
    )
    this.forgetSessions()
    return { https: https.port, http: http.port, addresses: https.addresses }
  }

  /** From now on no session made so far is resumed: session tickets are the only way to do so. */
  forgetSessions(): void {
    const keys = randomBytes(48)
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
          else refuseName(this, () => done(new Error('the server name is not served')))
        },
      },
      (socket) => this.#onSecure(socket),
    )
    server.maxConnections = this.#options.limits.clientConnections
    // A failed handshake is the client's to report; Node has closed the socket.
    server.on('tlsClientError', (_error, socket) => socket.destroy())
    return server
  }

  #onSecure(socket: TLSSocket): void {
    const { servername } = socket as { servername?: string | false }
    const serverName = servername ? normaliseHostname(servername) : null
    // A resumed handshake does not ask for a context: whether the name is served is looked up here.
    if (serverName !== null && !this.#options.contextFor(serverName)) return void socket.destroy()
    this.#options.onSecure(socket, {
      secure: true,
      serverName,
      remoteAddress: plainAddress(socket.remoteAddress),
    })
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

async function listenOnAll<S extends Server>(
  addresses: string[],
  port: number,
  create: () => S,
  servers: S[],
): Promise<{ port: number; addresses: string[] }> {
  for (let attempt = 1; ; attempt += 1) {
    const opened: S[] = []
    try {
      const listening = await openAll(addresses, port, create, opened)
      servers.push(...opened)
      return listening
    } catch (error) {
      for (const server of opened) server.close()
      const { code = 'UNKNOWN' } = error as NodeJS.ErrnoException
      // A port that was free on the first address may be taken on the second.
      if (port !== 0 || code !== 'EADDRINUSE' || attempt === 10) throw new ListenError(code, port)
    }
  }
}

async function openAll<S extends Server>(
  addresses: string[],
  port: number,
  create: () => S,
  opened: S[],
): Promise<{ port: number; addresses: string[] }> {
  const bound: string[] = []
  let chosen = port
  for (const address of addresses) {
    const server = create()
    try {
      await listenOn(server, address, chosen)
    } catch (error) {
      if (isAbsent(error) && addresses.length > 1) continue
      throw error
    }
    opened.push(server)
    bound.push(address)
    chosen = (server.address() as AddressInfo).port
  }
  if (bound.length === 0) throw Object.assign(new Error('no address'), { code: 'EADDRNOTAVAIL' })
  return { port: chosen, addresses: bound }
}

function listenOn(server: Server, host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen({ host, port, backlog: 4096, exclusive: true }, () => {
      server.off('error', reject)
      resolve()
    })
  })
}

/** The machine has no such address, as where IPv6 is off. */
function isAbsent(error: unknown): boolean {
  const { code } = error as NodeJS.ErrnoException
  return code === 'EADDRNOTAVAIL' || code === 'EAFNOSUPPORT'
}
