import { createServer, type Server, type Socket } from 'node:net'
import { Greeting, plainAddress, type GreetingOptions } from './greeting.ts'
import type { Limits } from './limits.ts'
import { listenOnAll } from './listening.ts'
import type { Arrival } from './request.ts'
import type { ListenRequest } from './snapshot.ts'

export interface ListenerOptions extends GreetingOptions {
  limits: Limits
  onPlain: (socket: Socket, arrival: Arrival) => void
}

export interface Listening {
  https: number
  http: number
  addresses: string[]
}

/** The sockets that clients connect to: HTTPS and HTTP, on each address. */
export class Listener {
  readonly #options: ListenerOptions
  readonly #secure: Server[] = []
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
    return { https: https.port, http: http.port, addresses: https.addresses }
  }

  /** Takes no more connections; those there are stay. */
  stop(): void {
    for (const server of [...this.#secure, ...this.#plain]) server.close()
  }

  #createSecure(): Server {
    return this.#create((socket) => void new Greeting(socket, this.#options))
  }

  #createPlain(): Server {
    return this.#create((socket) => {
      this.#options.onPlain(socket, {
        secure: false,
        serverName: null,
        remoteAddress: plainAddress(socket.remoteAddress),
        clientCertificate: null,
      })
    })
  }

  #create(onConnection: (socket: Socket) => void): Server {
    const server = createServer({ noDelay: true, allowHalfOpen: true }, onConnection)
    server.maxConnections = this.#options.limits.clientConnections
    return server
  }
}
