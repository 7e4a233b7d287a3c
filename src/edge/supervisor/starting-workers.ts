import { setTimeout as delay } from 'node:timers/promises'
import { EdgekeepError } from '../../contract/errors/registry.ts'
import type { DrainLimits } from '../protocol/worker-protocol.ts'
import type { Editions } from './editions.ts'
import type { StatusBoard } from './edge-status.ts'
import type { ListeningPorts } from './listening-ports.ts'
import { portTrouble } from './port-owner.ts'
import type { Ports, SupervisorOptions } from './supervisor-options.ts'
import type { Reply } from './worker-process.ts'
import type { WorkerRestarts } from './worker-restarts.ts'
import type { WorkerSlot } from './worker-slot.ts'

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

  start(slot: WorkerSlot, heldMs?: Map<string, number>): Promise<Reply> {
    const { editions, ports, isSharing } = this.#setting
    const others = this.alive(slot)
    const role = others.some((other) => other.isServing) ? 'joining' : 'first'
    return editions.start(slot, { ...ports.request, sharing: isSharing ? role : undefined, heldMs }, others)
  }

  /** Requires that none listens. */
  async startAll(): Promise<void> {
    for (const slot of this.#setting.slots) await this.#startAtFirst(slot)
  }

  /**
   * Ends the workers and starts them on `ports`, which may differ from the `wanted` ones, or again on the old ports if that fails. `serve` sends them
   * their snapshot once the ports are known.
   */
  async move(
    [wanted, ports]: [Ports, Ports],
    { restarts, serve }: { restarts: WorkerRestarts; serve: () => Promise<unknown> },
  ) {
    const { options, ports: listening } = this.#setting
    const { request: before, wanted: wantedBefore } = listening
    const had = [before.httpsPort, before.httpPort]
    if (ports.httpsPort === before.httpsPort && ports.httpPort === before.httpPort)
      return listening.want(wanted, ports)
    // Workers that start now would get no keys.
    if (options.keepsSnapshot?.()) throw new EdgekeepError('edge.without_keys', { domains: ['every domain'] })
    for (const port of [ports.httpsPort, ports.httpPort].filter((each) => !had.includes(each))) {
      const trouble = await portTrouble(port, [])
      if (trouble) throw trouble
    }
    await this.#endAll(restarts)
    try {
      await this.#startAllOn(serve, wanted, ports)
    } catch (error) {
      options.log.error({ err: error }, 'Edge move to other ports failed')
      await this.#endAll(restarts)
      await this.#startAllOn(serve, wantedBefore, before)
      throw error
    }
  }

  /** Ends are intentional here: no restart follows. */
  async #endAll(restarts: WorkerRestarts): Promise<void> {
    const { slots, status } = this.#setting
    status.set({ state: 'starting', https: null, http: null, published: [] })
    restarts.cancel()
    await ended(slots)
  }

  async #startAllOn(serve: () => Promise<unknown>, ...wanted: [Ports, Ports]): Promise<void> {
    this.#setting.ports.want(...wanted)
    await this.startAll()
    // The first snapshot was built before the ports were known.
    await serve()
    this.#setting.status.set({ state: 'running' })
  }

  /** Starts a worker that may meet taken ports; a restart keeps its ports. */
  async #startAtFirst(slot: WorkerSlot): Promise<void> {
    slot.fork()
    for (let former = this.#setting.options.formerWorkers ?? []; ;) {
      const reply = await this.start(slot)
      if (reply.type === 'listening') return this.#onListening(reply)
      if (reply.type !== 'listen-failed') throw new EdgekeepError('engine.failed', {}, { cause: reply })
      if (reply.code === 'ENOTSUP') this.#serveAlone()
      else if (former.length > 0) former = await allEnded(former)
      else await this.#setting.ports.makeWay(reply)
    }
  }

  /** Falls back to one worker on a system that cannot share a port; fails if more were requested. */
  #serveAlone(): void {
    if (this.#setting.options.workers !== 'auto') throw new EdgekeepError('edge.workers_unsupported', {})
    this.#setting.isSharing = false
  }

  async #onListening(reply: Extract<Reply, { type: 'listening' }>): Promise<void> {
    const { status, ports, options } = this.#setting
    // Later workers join the ports of the first.
    if (status.current.https) return
    status.set(await ports.keep(reply))
    const { https, http, addresses } = reply
    options.log.info({ https, http, addresses: addresses.join(' ') }, 'Edge listening')
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

/** A worker ends when its engine does; a machine under load may need seconds for it. */
const timeoutMs = 20_000
const pollMs = 50

/**
 * Waits until the workers of an engine that crashed have ended, or the timeout is over. Returns none, so that
 * a port that is still taken then is another program's.
 */
async function allEnded(pids: readonly number[]): Promise<readonly number[]> {
  const endAt = performance.now() + timeoutMs
  while (pids.some(isAlive) && performance.now() < endAt) await delay(pollMs)
  return []
}

/** A process of another user, whose pid was reused, may not be signalled. */
function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}
