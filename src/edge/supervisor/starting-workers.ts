import { EdgekeepError } from '../../contract/errors/registry.ts'
import type { DrainLimits, ListenRequest } from '../protocol/worker-protocol.ts'
import type { Editions } from './editions.ts'
import type { StatusBoard } from './edge-status.ts'
import type { ListeningPorts, TakenBy } from './listening-ports.ts'
import { portTrouble } from './port-owner.ts'
import type { SupervisorOptions } from './supervisor-options.ts'
import type { Reply } from './worker-process.ts'
import type { WorkerRestarts } from './worker-restarts.ts'
import type { WorkerSlot } from './worker-slot.ts'

export type Ports = Pick<ListenRequest, 'httpsPort' | 'httpPort'>

interface Setting {
  options: SupervisorOptions
  slots: WorkerSlot[]
  status: StatusBoard
  ports: ListeningPorts
  editions: Editions
  /** Whether a port has, or may get, more than one worker. */
  isSharing: boolean
}

const closeLimits: DrainLimits = { deadlineMs: 2_000, lingerMs: 0 }

export class StartingWorkers {
  readonly #setting: Setting

  constructor(setting: Setting) {
    this.#setting = setting
  }

  get isSharing(): boolean {
    return this.#setting.isSharing
  }

  alive(except?: WorkerSlot): WorkerSlot[] {
    return this.#setting.slots.filter((slot) => slot.isAlive && slot !== except)
  }

  start(slot: WorkerSlot): Promise<Reply> {
    const { editions, ports, isSharing } = this.#setting
    const others = this.alive(slot)
    const role = others.some((other) => other.isServing) ? 'joining' : 'first'
    return editions.start(slot, { ...ports.request, sharing: isSharing ? role : undefined }, others)
  }

  /** Requires that none listens. */
  async startAll(): Promise<void> {
    for (const slot of this.#setting.slots) await this.#startAtFirst(slot)
  }

  /**
   * Ends the workers and starts them on `ports`, or again on the old ports if that fails. `serve` sends them
   * their snapshot once the ports are known.
   */
  async move(ports: Ports, { restarts, serve }: { restarts: WorkerRestarts; serve: () => Promise<unknown> }) {
    const { options, ports: listening } = this.#setting
    const before = listening.request
    const had = [before.httpsPort, before.httpPort]
    if (ports.httpsPort === before.httpsPort && ports.httpPort === before.httpPort) return
    // Workers that start now would get no keys.
    if (options.keepsSnapshot?.()) throw new EdgekeepError('edge.without_keys', { domains: ['every domain'] })
    for (const port of [ports.httpsPort, ports.httpPort].filter((each) => !had.includes(each))) {
      const trouble = await portTrouble(port, [])
      if (trouble) throw trouble
    }
    await this.#endAll(restarts)
    try {
      await this.#startAllOn({ ...before, ...ports }, serve)
    } catch (error) {
      options.log.error({ err: error }, 'The edge could not be moved to other ports')
      await this.#endAll(restarts)
      await this.#startAllOn(before, serve)
      throw error
    }
  }

  /** Ends are intentional here: no restart follows. */
  async #endAll(restarts: WorkerRestarts): Promise<void> {
    const { slots, status } = this.#setting
    status.set({ state: 'starting', https: null, http: null })
    restarts.cancel()
    await ended(slots)
  }

  async #startAllOn(listen: ListenRequest, serve: () => Promise<unknown>): Promise<void> {
    this.#setting.ports.want(listen)
    await this.startAll()
    // The first snapshot was built before the ports were known.
    await serve()
    this.#setting.status.set({ state: 'running' })
  }

  /** Starts a worker that may meet taken ports; a restart keeps its ports. */
  async #startAtFirst(slot: WorkerSlot): Promise<void> {
    const takenBy: TakenBy = { https: null, http: null }
    slot.fork()
    for (;;) {
      const reply = await this.start(slot)
      if (reply.type === 'listening') return this.#onListening(reply, takenBy)
      if (reply.type !== 'listen-failed') throw new EdgekeepError('engine.failed', {}, { cause: reply })
      if (reply.code === 'ENOTSUP') this.#serveAlone()
      else await this.#setting.ports.makeWay(reply, takenBy)
    }
  }

  /** Falls back to one worker on a system that cannot share a port; fails if more were requested. */
  #serveAlone(): void {
    if (this.#setting.options.workers !== 'auto') throw new EdgekeepError('edge.workers_unsupported', {})
    this.#setting.isSharing = false
  }

  #onListening(reply: Extract<Reply, { type: 'listening' }>, takenBy: TakenBy): void {
    const { status, ports, options } = this.#setting
    // Later workers join the ports of the first.
    if (status.current.https) return
    status.set(ports.keep(reply, takenBy))
    const { https, http, addresses } = reply
    options.log.info({ https, http, addresses: addresses.join(' ') }, 'The edge listens')
  }
}

/** Lets exchanges finish briefly; resolves when no worker is left. */
export async function ended(slots: WorkerSlot[]): Promise<void> {
  await Promise.all(
    slots.map(async (slot) => {
      slot.drain(closeLimits)
      await slot.ended()
    }),
  )
}
