import type { Socket } from 'node:net'
import type { TLSSocket } from 'node:tls'
import { socketBelow } from '../../platform/listeners/connection-limit.ts'
import { TlsServersByCertificate } from './tls/tls-servers-by-certificate.ts'
import { createEdgeState, type EdgeOptions, type EdgeState } from './exchange/edge-state.ts'
import { OnDemandRenewal } from './tls/on-demand-renewal.ts'
import { createTlsServer } from './tls/tls-server.ts'
import { UnknownNames } from './tls/unknown-names.ts'
import { Http1Connection } from './http1/connection.ts'
import { Http2Connection } from './http2/connection.ts'
import { Listener, type BoundPorts } from './listener.ts'
import { ConnectionFacts, Observers, type HandshakeFacts, type Observer } from './observe/observe.ts'
import type { Snapshot, SnapshotChange } from '../protocol/snapshot.ts'
import type { DrainLimits, ListenRequest } from '../protocol/worker-protocol.ts'
import type { Published } from '../../contract/lan/published.ts'
import { faultText } from './limits/faults.ts'
import { LocalNames } from './names/local-names.ts'
import type { HandedListener, ListeningState } from './published-listeners.ts'
import { domainOf } from './policies/route-rules.ts'
import { serverByName } from './server-by-name.ts'
import { SnapshotApplier } from './snapshot-applier.ts'
import { UnservedDomains } from './unserved-domains.ts'
import type { ClientHello } from './tls/client-hello.ts'
import type { Arrival } from './http/arrival.ts'

interface Drainable {
  readonly isBusy: boolean
  drain(lingerMs: number): void
}

export class Edge {
  readonly #state: EdgeState
  readonly #observers: Observers
  /** Null without a recent crash. */
  #unserved: UnservedDomains | null = null
  readonly #servers: TlsServersByCertificate
  readonly #applier: SnapshotApplier
  readonly #listener: Listener
  readonly #connections = new Map<Drainable, { socket: Socket; publishedAddress: string | null }>()
  readonly #bySocket = new WeakMap<Socket, Drainable>()
  readonly #names: LocalNames
  readonly #onPublished: (addresses: Published[]) => void
  #listening: ListeningState[] = []
  #ticketKeys = Buffer.alloc(0)

  constructor(options: EdgeOptions) {
    this.#observers = new Observers(options.observer ?? blind)
    this.#state = createEdgeState(options, this.#observers)
    const { limits, fault, deadlines } = this.#state
    this.#servers = new TlsServersByCertificate((certificate) =>
      createTlsServer(certificate, {
        handshakeMs: limits.handshakeMs,
        fault,
        stapleFor: (leaf) => this.#applier.stapleFor(leaf),
        onSecure: (socket, arrival, hello) => this.#onSecure(socket, arrival, hello),
      }),
    )
    this.#onPublished = options.onPublished ?? (() => undefined)
    this.#names = new LocalNames({
      onTaken: () => this.#reportPublished(),
      onWarning: (error) => options.log('warn', 'mDNS failed', { error: faultText(error) }),
      port: options.mdnsPort,
    })
    const renewal = new OnDemandRenewal({ ask: options.onStale ?? (() => undefined) })
    const onUnpublished = (addresses: string[]) => this.#cut(addresses)
    const unknown = new UnknownNames(options.onUnknown ?? (() => undefined))
    const choice = { state: this.#state, servers: this.#servers, renewal, unknown }
    this.#applier = new SnapshotApplier(choice, onUnpublished)
    this.#listener = new Listener({
      limits,
      fault,
      deadlines,
      serverFor: (...client) => {
        const domain = this.#unserved ? this.#domainOf(client[0], client[2]) : undefined
        const choose = () => serverByName(choice, ...client)
        return this.#unserved && domain !== undefined ? this.#unserved.admit(domain, choose) : choose()
      },
      onPlain: (socket, arrival) => this.#onPlain(socket, arrival),
      isBusy: (socket) => this.#bySocket.get(socket)?.isBusy ?? false,
      onRefused: (refusal) => {
        const domain = this.#domainOf(refusal.serverName, refusal.publishedAddress)
        if (domain !== undefined) this.#unserved?.refused(domain)
        this.#tellHandshake({ result: 'refused', ...refusal, connection: null })
      },
    })
  }

  /** @throws ListenError */
  listen(request: ListenRequest): Promise<BoundPorts> {
    return this.#listener.listen(request)
  }

  /**
   * Listens on the sockets of the worker that this one replaces.
   *
   * @throws ListenError
   */
  adopt(handed: HandedListener[], sharing?: ListenRequest['sharing']): Promise<BoundPorts> {
    return this.#listener.adopt(handed, sharing)
  }

  handles(): HandedListener[] {
    return this.#listener.handles()
  }

  /** Listens on the published addresses of the snapshot and on no others, and reports them if they have changed. */
  async publish(): Promise<void> {
    const listening = await this.#listener.publish(this.#state.published.all())
    if (!listening) return
    this.#listening = listening
    this.#names.take(listening.filter(({ failure }) => failure === null))
    this.#reportPublished()
  }

  /**
   * Applies a snapshot; the next handshake and request use it. Atomic, unless `onUnusable` is given: then
   * unusable certificates are reported and left out.
   */
  apply(snapshot: Snapshot, onUnusable?: (certificateId: string, reason: string) => void): void {
    this.#applier.whole(snapshot, onUnusable)
  }

  /** Applies a change of the snapshot atomically, in time proportional to the change. */
  change(change: SnapshotChange): void {
    this.#applier.change(change)
  }

  /**
   * Issues session tickets under `keys` (48 bytes), which all workers share. The same keys again have no
   * effect: dropped sessions stay dropped.
   */
  useTicketKeys(keys: Buffer): void {
    if (this.#ticketKeys.equals(keys)) return
    this.#ticketKeys.fill(0)
    this.#ticketKeys = Buffer.from(keys)
    this.#servers.useTicketKeys(keys)
  }

  /** Adds an observer for the details of traffic; null removes it. */
  observe(detail: Observer | null): void {
    this.#observers.detail = detail
  }

  /** Holds handshakes of domains off and reports the unserved ones (`ListenRequest.heldMs`). */
  reportUnserved(heldMs: Map<string, number>, report: (domains: string[]) => void): void {
    this.#unserved = new UnservedDomains(heldMs, report)
    this.#observers.unserved = this.#unserved
  }

  /** Stops accepting and resolves when the last exchange has ended, at the latest after `deadlineMs`. */
  async drain({ deadlineMs, lingerMs }: DrainLimits): Promise<void> {
    this.#state.isDraining = true
    await this.#listener.stop()
    this.#names.close()
    for (const connection of this.#connections.keys()) connection.drain(lingerMs)
    const endAt = performance.now() + deadlineMs
    const isBusy = () => this.#connections.size > 0 || (lingerMs > 0 && this.#listener.greetings > 0)
    while (isBusy() && performance.now() < endAt) await new Promise((resolve) => setTimeout(resolve, 20))
    for (const { socket } of this.#connections.values()) socket.destroy()
    this.#state.upstreams.closeIdle()
    this.#state.deadlines.close()
  }

  #reportPublished(): void {
    this.#onPublished(this.#listening.map((each) => ({ ...each, taken: this.#names.taken(each.address) })))
  }

  #onPlain(socket: Socket, arrival: Arrival): void {
    this.#keep(new Http1Connection(this.#state, socket, new ConnectionFacts(arrival, null)), socket, arrival)
  }

  #onSecure(socket: TLSSocket, arrival: Arrival, hello: ClientHello | null): void {
    const facts = new ConnectionFacts(arrival, socket)
    const result = facts.resumed ? 'resumed' : 'full'
    const { serverName, remoteAddress, publishedAddress } = arrival
    const handshake = {
      result,
      reason: null,
      detail: null,
      serverName,
      remoteAddress,
      publishedAddress,
    } as const
    this.#tellHandshake({ ...handshake, hello, connection: facts })
    const Connection = facts.protocol === 'h2' ? Http2Connection : Http1Connection
    const domain = this.#unserved ? this.#domainOf(serverName, publishedAddress) : undefined
    if (domain !== undefined) {
      this.#unserved?.secure(facts, domain)
      socket.once('close', () => this.#unserved?.closed(facts))
    }
    this.#keep(new Connection(this.#state, socket, facts), socket, arrival)
  }

  #domainOf(serverName: string | null, publishedAddress: string | null): string | undefined {
    if (serverName === null) return undefined
    return domainOf(this.#state.routes.lookup(serverName, publishedAddress)) ?? undefined
  }

  #tellHandshake({
    publishedAddress,
    ...facts
  }: Omit<HandshakeFacts, 'domain'> & Pick<Arrival, 'publishedAddress'>): void {
    const domain = this.#domainOf(facts.serverName, publishedAddress) ?? null
    this.#observers.handshake({ ...facts, domain })
  }

  /** Ends the connections to these addresses: a stream or websocket would otherwise outlive the access to its domain. */
  #cut(addresses: string[]): void {
    for (const { socket, publishedAddress } of this.#connections.values())
      if (publishedAddress !== null && addresses.includes(publishedAddress)) socket.destroy()
  }

  #keep(connection: Drainable, socket: Socket, { publishedAddress }: Arrival): void {
    this.#connections.set(connection, { socket, publishedAddress })
    this.#bySocket.set(socketBelow(socket), connection)
    socket.once('close', () => this.#connections.delete(connection))
  }
}

const blind: Observer = { exchangeEnded: () => undefined, handshake: () => undefined }
