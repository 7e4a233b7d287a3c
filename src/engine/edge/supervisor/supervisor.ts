import { EdgekeepError } from '../../../contract/errors.ts'
import type { SnapshotHead } from '../channel/snapshot.ts'
import type { WantedTraffic } from '../channel/told.ts'
import { aliveMs, type DrainLimits, type ListenRequest } from '../channel/worker-protocol.ts'
import { Editions } from './editions.ts'
import { type EdgeStatus, StatusBoard } from './edge-status.ts'
import { ListeningPorts, type TakenBy } from './listening-ports.ts'
import { portTrouble } from './port-trouble.ts'
import type { SupervisorOptions } from './supervisor-options.ts'
import { mostWorkers, WorkerCount } from './worker-count.ts'
import { WorkerExchange } from './worker-exchange.ts'
import type { Reply, WorkerEnd } from './worker-process.ts'
import { WorkerRestarts } from './worker-restarts.ts'
import { WorkerSlot } from './worker-slot.ts'

export interface Supervisor {
  /** @throws EdgekeepError `edge.port_taken`, `edge.port_forbidden`, `edge.workers_unsupported`, `engine.failed` */
  start(): Promise<void>
  /** Sends what is now to be served; resolves with the version in effect in all workers, null while none runs. */
  apply(): Promise<number | null>
  /**
   * Resolves when the workers that accept connections have no key that was erased; those that they
   * have replaced end by themselves.
   */
  erased(): Promise<void>
  /**
   * Listens on other ports from now on, with other workers; what has not finished in a moment is cut off. Where it
   * cannot listen there, it goes on where it was.
   *
   * @throws EdgekeepError `edge.port_taken`, `edge.port_forbidden`, `edge.without_keys`, `engine.failed`
   */
  move(ports: Pick<ListenRequest, 'httpsPort' | 'httpPort'>): Promise<void>
  /** How much of the traffic all workers are to tell from now on, also those that are started later. */
  observe(wanted: WantedTraffic): void
  status(): EdgeStatus
  /** Lets exchanges finish for a moment and ends the workers. */
  close(): Promise<void>
}

/** How long exchanges may go on when the edge is closed or moved. */
const closeLimits: DrainLimits = { deadlineMs: 2_000, lingerMs: 0 }
/** A worker that is not needed any more is in nobody's way: a websocket on it may go on for a day. */
const restLimits: DrainLimits = { deadlineMs: 24 * 60 * 60_000, lingerMs: 1_000 }

export function createSupervisor(options: SupervisorOptions): Supervisor {
  return new EdgeSupervisor(options)
}

class EdgeSupervisor implements Supervisor {
  readonly #options: SupervisorOptions
  readonly #slots: WorkerSlot[] = []
  /** Whose worker is not needed any more and finishes its exchanges. */
  readonly #leaving = new Set<WorkerSlot>()
  readonly #status: StatusBoard
  readonly #ports: ListeningPorts
  readonly #editions: Editions
  readonly #restarts: WorkerRestarts
  readonly #exchange: WorkerExchange
  readonly #count: WorkerCount
  #countTimer: NodeJS.Timeout | null = null
  /** Whether there is, or may be, more than one worker on a port. */
  #isSharing: boolean
  #observed: WantedTraffic = 'nothing'
  #queued: Promise<number | null> | null = null
  #applying: Promise<unknown> = Promise.resolve()
  #isClosing = false

  constructor(options: SupervisorOptions) {
    this.#options = options
    const { workers = 1, log } = options
    const slots = this.#slots
    const isHeld = () => options.isHeld?.() ?? false
    const isClosing = () => this.#isClosing
    const start = (slot: WorkerSlot) => this.#startWorker(slot)
    this.#status = new StatusBoard(slots, options.changed)
    this.#ports = new ListeningPorts(options.listen, options.portTaken)
    this.#editions = new Editions(options.source, (head) => this.#publicPorts(head))
    this.#restarts = new WorkerRestarts({ slots, status: this.#status, isHeld, isClosing, start, log })
    this.#exchange = new WorkerExchange({
      slots,
      leaving: this.#leaving,
      isHeld,
      isClosing,
      alone: (act) => this.#alone(act),
      start,
      onFailed: (pid) => log.error({ pid }, 'An edge worker could not be replaced and is ended'),
    })
    const most = mostWorkers(workers)
    this.#isSharing = most > 1
    this.#count = new WorkerCount(most, options.restSeconds)
    for (let left = workers === 'auto' ? 1 : workers; left > 0; left -= 1) slots.push(this.#createSlot())
  }

  async start(): Promise<void> {
    this.#status.set({ state: 'starting' })
    try {
      for (const slot of this.#slots) await this.#startAtFirst(slot)
    } catch (error) {
      await this.close()
      throw error
    }
    // The first snapshot was built before the ports were known.
    await this.apply()
    this.#status.set({ state: 'running' })
    if (this.#options.workers === 'auto' && this.#isSharing)
      this.#countTimer = setInterval(() => this.#adjustCount(), aliveMs).unref()
  }

  apply(): Promise<number | null> {
    this.#queued ??= this.#alone(() => {
      this.#queued = null
      return this.#applyNow()
    })
    return this.#queued
  }

  erased(): Promise<void> {
    return this.#exchange.settled()
  }

  move(ports: Pick<ListenRequest, 'httpsPort' | 'httpPort'>): Promise<void> {
    return this.#alone(() => this.#moveNow(ports))
  }

  observe(wanted: WantedTraffic): void {
    this.#observed = wanted
    for (const slot of this.#slots) slot.observe(wanted)
  }

  status(): EdgeStatus {
    return { ...this.#status.current }
  }

  async close(): Promise<void> {
    this.#isClosing = true
    if (this.#countTimer) clearInterval(this.#countTimer)
    this.#restarts.cancel()
    await ended([...this.#slots, ...this.#leaving])
    this.#editions.close()
    this.#status.set({ state: 'stopped' })
  }

  /** One after the other. */
  #alone<T>(act: () => Promise<T>): Promise<T> {
    const done = this.#applying.then(act)
    this.#applying = done.catch(() => null)
    return done
  }

  #createSlot(): WorkerSlot {
    const options = this.#options
    const { log, workerEntry } = options
    const slot: WorkerSlot = new WorkerSlot({
      workerEntry,
      onLog: ({ level, message, fields }) => log[level](fields ?? {}, message),
      onFault: ({ message, fields }) => {
        log.error(fields, message)
        this.#status.set({ faults: this.#status.current.faults + 1 })
      },
      onOrigins: ({ domain, states }) => options.onOrigins?.(domain, states),
      onUsage: (report) => options.onUsage?.(report),
      onFindings: (found) => options.onFindings?.(found),
      onStale: (domain) => options.onStale?.(domain),
      onStuck: () => log.error({}, 'The edge worker gives no sign of life and is ended'),
      onMisread: (error) => log.error({ err: error }, 'A message of the edge worker could not be acted on'),
      onRefused: (refusal) => log.error(refusal, 'The edge cannot take up a configuration'),
      onTraffic: ({ told, notTold }) => options.onTraffic?.(told, notTold),
      changed: () => this.#status.set({}),
      onExit: (end, livedMs) => this.#onExit(slot, end, livedMs),
    })
    return slot
  }

  /** The first start may meet taken ports; a restart keeps the ports it has. */
  async #startAtFirst(slot: WorkerSlot): Promise<void> {
    const takenBy: TakenBy = { https: null, http: null }
    slot.fork()
    for (;;) {
      const reply = await this.#startWorker(slot)
      if (reply.type === 'listening') return this.#onListening(reply, takenBy)
      if (reply.type !== 'listen-failed') throw new EdgekeepError('engine.failed', {}, { cause: reply })
      if (reply.code === 'ENOTSUP') this.#serveAlone()
      else await this.#ports.makeWay(reply, takenBy)
    }
  }

  /** This system shares no port between processes, which only workers that were asked for would need. */
  #serveAlone(): void {
    if (this.#options.workers !== 'auto') throw new EdgekeepError('edge.workers_unsupported', {})
    this.#isSharing = false
  }

  #onListening(reply: Extract<Reply, { type: 'listening' }>, takenBy: TakenBy): void {
    // Those that join the first listen where it does.
    if (this.#status.current.https) return
    this.#status.set(this.#ports.keep(reply, takenBy))
    const { https, http, addresses } = reply
    this.#options.log.info({ https, http, addresses: addresses.join(' ') }, 'The edge listens')
  }

  async #moveNow(ports: Pick<ListenRequest, 'httpsPort' | 'httpPort'>): Promise<void> {
    const before = this.#ports.request
    const had = [before.httpsPort, before.httpPort]
    if (ports.httpsPort === before.httpsPort && ports.httpPort === before.httpPort) return
    // Workers that start now would be given no keys.
    if (this.#options.isHeld?.()) throw new EdgekeepError('edge.without_keys', { domains: ['every domain'] })
    for (const port of [ports.httpsPort, ports.httpPort].filter((each) => !had.includes(each))) {
      const trouble = await portTrouble(port, [])
      if (trouble) throw trouble
    }
    await this.#endWorkers()
    try {
      await this.#startAllOn({ ...before, ...ports })
    } catch (error) {
      this.#options.log.error({ err: error }, 'The edge could not be moved to other ports')
      await this.#endWorkers()
      await this.#startAllOn(before)
      throw error
    }
  }

  /** Whoever ends now was asked to: nothing is started in its place. */
  async #endWorkers(): Promise<void> {
    this.#status.set({ state: 'starting', https: null, http: null })
    this.#restarts.cancel()
    await ended(this.#slots)
  }

  async #startAllOn(listen: ListenRequest): Promise<void> {
    this.#ports.want(listen)
    for (const slot of this.#slots) await this.#startAtFirst(slot)
    // The first snapshot was built before the ports were known.
    await this.#applyNow()
    this.#status.set({ state: 'running' })
  }

  /** Once a second: one worker more while all are busy, one fewer after a minute at rest. */
  #adjustCount(): void {
    const isSteady = this.#slots.every((slot) => slot.isServing) && !this.#options.isHeld?.()
    if (!isSteady || this.#isClosing) return
    const change = this.#count.next(this.#slots.map((slot) => slot.busy))
    if (change === 'more') void this.#add()
    else if (change === 'fewer') this.#endOne()
  }

  async #add(): Promise<void> {
    const slot = this.#createSlot()
    this.#slots.push(slot)
    slot.observe(this.#observed)
    await this.#restarts.restart(slot)
    this.#options.log.info({ workers: this.#slots.length }, 'An edge worker was added, because all were busy')
  }

  #endOne(): void {
    const slot = this.#slots.pop()
    if (!slot) return
    this.#leaving.add(slot)
    this.#restarts.forget(slot)
    slot.drain(restLimits)
    this.#status.set({})
    this.#options.log.info(
      { workers: this.#slots.length },
      'An edge worker was ended, because there was little to do',
    )
  }

  #alive(except?: WorkerSlot): WorkerSlot[] {
    return this.#slots.filter((slot) => slot.isAlive && slot !== except)
  }

  #startWorker(slot: WorkerSlot): Promise<Reply> {
    const others = this.#alive(slot)
    const role = others.some((other) => other.isServing) ? 'joining' : 'first'
    const sharing = this.#isSharing ? role : undefined
    return this.#editions.start(slot, { ...this.#ports.request, sharing }, others)
  }

  async #applyNow(): Promise<number | null> {
    const alive = this.#alive()
    const { https, state } = this.#status.current
    if (alive.length === 0 || !https || this.#isClosing) return null
    if (state === 'running' && this.#options.isHeld?.()) return this.#status.inEffect
    this.#restarts.restartWaiting()
    const replies = await this.#editions.apply(alive)
    if (replies.some((reply) => reply.type === 'base-missing')) await this.#editions.apply(this.#alive())
    this.#exchange.request(this.#options.source.leavingKeys())
    return this.#status.inEffect
  }

  /** Until a worker listens nobody else can know the ports. */
  #publicPorts({ publicPorts }: SnapshotHead): SnapshotHead['publicPorts'] {
    return this.#status.current.https ? publicPorts : this.#ports.expected(publicPorts)
  }

  #onExit(slot: WorkerSlot, end: WorkerEnd, livedMs: number): void {
    const wasLeaving = this.#leaving.delete(slot)
    if (wasLeaving || this.#isClosing || !this.#status.current.https) return this.#status.set({})
    this.#restarts.schedule(slot, end, livedMs)
  }
}

/** Lets exchanges finish for a moment, and resolves when no worker is left. */
async function ended(slots: WorkerSlot[]): Promise<void> {
  await Promise.all(
    slots.map(async (slot) => {
      slot.drain(closeLimits)
      await slot.ended()
    }),
  )
}
