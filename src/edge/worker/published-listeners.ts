import type { SendHandle } from 'node:child_process'
import type { Server } from 'node:net'
import type { Published } from '../../contract/lan/published.ts'
import type { PublishedAddress } from '../protocol/snapshot.ts'
import type { ListenerRole, ListenRequest } from '../protocol/worker-protocol.ts'
import { handleOf, ListenError, listenOnAll, listenOnHandles } from './bind.ts'

export interface HandedListener extends ListenerRole {
  handle: SendHandle
}

interface ServersOfAddress {
  https: Server[]
  http: Server[]
}

export type CreateServer = (serves: HandedListener['serves'], publishedAddress: string) => Server

export type Ports = Omit<ListenRequest, 'addresses'>

export type ListeningState = Omit<Published, 'taken'>

/** Listeners on the published addresses, on the same two ports as those of this computer. */
export class PublishedListeners {
  readonly #create: CreateServer
  readonly #servers = new Map<string, ServersOfAddress>()
  /** Last addresses with their domains, as JSON. */
  #last: string | null = null

  constructor(create: CreateServer) {
    this.#create = create
  }

  /** @throws ListenError */
  async adopt(handed: HandedListener[]): Promise<void> {
    for (const { serves, publishedAddress, handle } of handed) {
      if (publishedAddress === null) continue
      const servers = this.#servers.get(publishedAddress) ?? { https: [], http: [] }
      this.#servers.set(publishedAddress, servers)
      await listenOnHandles([handle], () => this.#create(serves, publishedAddress), servers[serves])
    }
  }

  handles(): HandedListener[] {
    return [...this.#servers].flatMap(([publishedAddress, servers]) =>
      (['https', 'http'] as const).flatMap((serves) =>
        servers[serves].map((server) => ({ serves, publishedAddress, handle: handleOf(server) })),
      ),
    )
  }

  /**
   * Listens on these addresses and on no others; null if nothing has changed. An address that cannot be had does
   * not affect the others.
   */
  async publish(published: PublishedAddress[], ports: Ports): Promise<ListeningState[] | null> {
    const wanted = JSON.stringify(published)
    if (wanted === this.#last) return null
    this.#last = wanted
    const addresses = new Set(published.filter(({ absence }) => !absence).map(({ address }) => address))
    for (const address of this.#servers.keys()) if (!addresses.has(address)) this.#close(address)
    return Promise.all(
      published.map(async ({ address, domains, absence }) => ({
        address,
        domains,
        failure: absence ? { code: absence, port: ports.httpsPort } : await this.#listen(address, ports),
      })),
    )
  }

  close(): void {
    for (const address of this.#servers.keys()) this.#close(address)
  }

  async #listen(
    address: string,
    { httpsPort, httpPort, sharing }: Ports,
  ): Promise<ListeningState['failure']> {
    if (this.#servers.has(address)) return null
    const servers: ServersOfAddress = { https: [], http: [] }
    this.#servers.set(address, servers)
    const where = { addresses: [address], sharing: sharing && ('joining' as const) }
    try {
      for (const [serves, port] of [
        ['https', httpsPort],
        ['http', httpPort],
      ] as const)
        await listenOnAll({ ...where, port }, () => this.#create(serves, address), servers[serves])
      return null
    } catch (error) {
      if (!(error instanceof ListenError)) throw error
      this.#close(address)
      return { code: error.code, port: error.port }
    }
  }

  #close(address: string): void {
    const { https = [], http = [] } = this.#servers.get(address) ?? {}
    for (const server of [...https, ...http]) server.close()
    this.#servers.delete(address)
  }
}
