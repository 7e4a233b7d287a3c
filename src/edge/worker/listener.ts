import { createServer, type Server, type Socket } from 'node:net'
import { Greeting, plainAddress, type GreetingOptions } from './tls/greeting.ts'
import {
  createConnectionLimit,
  type ConnectionLimit,
  descriptorLimit,
} from '../../platform/listeners/connection-limit.ts'
import { guarded } from './limits/faults.ts'
import type { Limits } from './limits/limits.ts'
import { handleOf, listenOnAll, listenOnHandles } from './bind.ts'
import type { PublishedAddress } from '../protocol/snapshot.ts'
import type { ListenerRole, ListenRequest } from '../protocol/worker-protocol.ts'
import {
  PublishedListeners,
  type HandedListener,
  type ListeningState,
  type Ports,
} from './published-listeners.ts'
import type { Arrival } from './http/arrival.ts'

export interface ListenerOptions extends Omit<GreetingOptions, 'onFinished' | 'publishedAddress'> {
  limits: Limits
  onPlain: (socket: Socket, arrival: Arrival) => void
  /** Whether the connection of a client's socket has a request in progress. */
  isBusy: (socket: Socket) => boolean
}

export interface BoundPorts {
  https: number
  http: number
  addresses: string[]
}

/** Turns of the event loop, each of which accepts waiting connections. */
const mostTurns = 100

export class Listener {
  readonly #options: ListenerOptions
  readonly #secure: Server[] = []
  readonly #plain: Server[] = []
  readonly #published = new PublishedListeners((serves, address) =>
    serves === 'https' ? this.#createSecure(address) : this.#createPlain(address),
  )
  /** Known once it listens. */
  #ports: Ports | null = null
  /** Connections on the HTTPS port with an unfinished handshake. */
  #greetings = 0
  #taken = 0

  /** One for all addresses and both ports: they take their descriptors from the same process. */
  readonly #limit: ConnectionLimit

  constructor(options: ListenerOptions) {
    this.#options = options
    const { limits, isBusy } = options
    // The other half is for origins, folders and the process itself.
    const most = Math.min(limits.clientConnections, Math.floor(descriptorLimit() / 2))
    this.#limit = createConnectionLimit({ most, isBusy })
  }

  /**
   * Listens on every address of this machine, on the same two ports. The system chooses a port for 0.
   *
   * @throws ListenError
   */
  async listen({ addresses, httpsPort, httpPort, sharing }: ListenRequest): Promise<BoundPorts> {
    const where = { addresses, port: httpsPort, sharing }
    const https = await listenOnAll(where, () => this.#createSecure(), this.#secure)
    const besides = { addresses: https.addresses, port: httpPort, sharing }
    const http = await listenOnAll(besides, () => this.#createPlain(), this.#plain).catch(
      (error: unknown) => {
        for (const server of this.#secure.splice(0)) server.close()
        throw error
      },
    )
    return this.#listening(https, http, sharing)
  }

  get greetings(): number {
    return this.#greetings
  }

  /**
   * Listens on the sockets of the worker that this one replaces.
   *
   * @throws ListenError
   */
  async adopt(handed: HandedListener[], sharing: ListenRequest['sharing']): Promise<BoundPorts> {
    const handlesFor = (wanted: ListenerRole['serves']) =>
      handed
        .filter(({ serves, publishedAddress }) => serves === wanted && publishedAddress === null)
        .map(({ handle }) => handle)
    const https = await listenOnHandles(handlesFor('https'), () => this.#createSecure(), this.#secure)
    const http = await listenOnHandles(handlesFor('http'), () => this.#createPlain(), this.#plain)
    await this.#published.adopt(handed)
    return this.#listening(https, http, sharing)
  }

  handles(): HandedListener[] {
    const handed = (serves: ListenerRole['serves']) => (server: Server) => ({
      serves,
      publishedAddress: null,
      handle: handleOf(server),
    })
    const own = [...this.#secure.map(handed('https')), ...this.#plain.map(handed('http'))]
    return [...own, ...this.#published.handles()]
  }

  /** Listens on the published addresses (`PublishedListeners.publish`); null before it listens at all. */
  async publish(published: PublishedAddress[]): Promise<ListeningState[] | null> {
    return this.#ports && this.#published.publish(published, this.#ports)
  }

  /**
   * Accepts the waiting connections, then stops; open ones stay. If workers share a port, the kernel resets
   * connections that still wait at a closing socket. A stream of new ones delays it by `mostTurns`.
   */
  async stop(): Promise<void> {
    for (let turn = 0, before = -1; before !== this.#taken && turn < mostTurns; turn += 1) {
      before = this.#taken
      await new Promise((resolve) => setImmediate(resolve))
    }
    for (const server of [...this.#secure, ...this.#plain]) server.close()
    this.#published.close()
  }

  #listening(
    https: { port: number; addresses: string[] },
    http: { port: number },
    sharing: ListenRequest['sharing'],
  ): BoundPorts {
    this.#ports = { httpsPort: https.port, httpPort: http.port, sharing }
    return { https: https.port, http: http.port, addresses: https.addresses }
  }

  #createSecure(publishedAddress: string | null = null): Server {
    const onFinished = () => {
      this.#greetings -= 1
    }
    const options = { ...this.#options, onFinished, publishedAddress }
    return this.#create((socket) => {
      this.#greetings += 1
      void new Greeting(socket, options)
    })
  }

  #createPlain(publishedAddress: string | null = null): Server {
    return this.#create((socket) => {
      const begin = guarded(
        (error) => {
          this.#options.fault('A connection failed as it began', error)
          socket.destroy()
        },
        () =>
          this.#options.onPlain(socket, {
            secure: false,
            serverName: null,
            remoteAddress: plainAddress(socket.remoteAddress),
            publishedAddress,
            clientCertificate: null,
          }),
      )
      begin()
    })
  }

  #create(onConnection: (socket: Socket) => void): Server {
    const server = createServer({ noDelay: true, allowHalfOpen: true }, (socket) => {
      this.#taken += 1
      onConnection(socket)
    })
    this.#limit.guard(server)
    return server
  }
}
