import type { SnapshotHead } from '../protocol/snapshot.ts'
import type { WantedTraffic } from '../protocol/traffic-report.ts'
import { aliveMs, type DrainLimits } from '../protocol/worker-protocol.ts'
import { Editions } from './editions.ts'
import { type EdgeStatus, StatusBoard } from './edge-status.ts'
import { ListeningPorts, seenAgain } from './listening-ports.ts'
import { ended, StartingWorkers } from './starting-workers.ts'
import type { Ports, SupervisorOptions } from './supervisor-options.ts'
import { mostWorkers, WorkerCount } from './worker-count.ts'
import { WorkerReplacement } from './worker-replacement.ts'
import type { WorkerEnd } from './worker-process.ts'
import { WorkerRestarts } from './worker-restarts.ts'
import { WorkerSlot, type WorkerLife, type WorkerReport } from './worker-slot.ts'

/** Long deadline, because a surplus worker harms nothing and a websocket on it may last a day. */
const restLimits: DrainLimits = { deadlineMs: 24 * 60 * 60_000, lingerMs: 1_000 }

/** Workers of the edge: started, given snapshots, replaced, restarted and ended. */
export class Supervisor {
  readonly #options: SupervisorOptions
  readonly #slots: WorkerSlot[] = []
  /** Slots of surplus workers that finish their exchanges. */
  readonly #leaving = new Set<WorkerSlot>()
  readonly #status: StatusBoard
  readonly #ports: ListeningPorts
  readonly #editions: Editions
  readonly #starting: StartingWorkers
  readonly #restarts: WorkerRestarts
  readonly #replacement: WorkerReplacement
  readonly #count: WorkerCount
  #countTimer: NodeJS.Timeout | null = null
  #observed: WantedTraffic = 'nothing'
  #queued: Promise<number | null> | null = null
  #applying: Promise<unknown> = Promise.resolve()
  #isClosing = false

  constructor(options: SupervisorOptions) {
    this.#options = options
    const { workers = 1, log } = options
    const slots = this.#slots
    const keepsSnapshot = () => options.keepsSnapshot?.() ?? false
    const isClosing = () => this.#isClosing
    const most = mostWorkers(workers)
    this.#status = new StatusBoard(slots, options.changed)
    this.#ports = new ListeningPorts(options)
    this.#editions = new Editions(options.source, (head) => this.#publicPorts(head))
    this.#starting = new StartingWorkers({
      options,
      slots,
      status: this.#status,
      ports: this.#ports,
      editions: this.#editions,
      isSharing: most > 1,
    })
    const start = (slot: WorkerSlot) => this.#starting.start(slot, this.#restarts.heldMs())
    const shared = { slots, status: this.#status, keepsSnapshot, isClosing, start, log }
    const alone = (act: () => Promise<void>) => this.#alone(act)
    this.#restarts = new WorkerRestarts(shared)
    this.#replacement = new WorkerReplacement({ ...shared, leaving: this.#leaving, alone })
    this.#count = new WorkerCount(most, options.restSeconds)
    for (let left = workers === 'auto' ? 1 : workers; left > 0; left -= 1) slots.push(this.#createSlot())
  }

  /** @throws `edge.port_taken`, `edge.port_forbidden`, `edge.workers_unsupported`, `engine.failed` */
  async start(): Promise<void> {
    this.#status.set({ state: 'starting' })
    try {
      await this.#starting.startAll()
    } catch (error) {
      await this.close()
      throw error
    }
    // The first snapshot was built before the ports were known.
    await this.apply()
    this.#status.set({ state: 'running' })
    if (this.#options.workers === 'auto' && this.#starting.isSharing)
      this.#countTimer = setInterval(() => this.#adjustCount(), aliveMs).unref()
  }

  /** Sends the current snapshot; resolves with the version in effect in all workers, null while none runs. */
  apply(): Promise<number | null> {
    this.#queued ??= this.#alone(() => {
      this.#queued = null
      return this.#applyNow()
    })
    return this.#queued
  }

  /** Resolves when no accepting worker has an erased key; replaced workers end by themselves. */
  erased(): Promise<void> {
    return this.#replacement.settled()
  }

  /**
   * Moves to other ports with new workers; exchanges get a moment to finish. If listening fails, the edge
   * stays on the old ports. `inForce`: the ports for now, if they are not the wanted ones.
   *
   * @throws EdgekeepError `edge.port_taken`, `edge.port_forbidden`, `edge.without_keys`, `engine.failed`
   */
  move(ports: Ports, inForce = ports): Promise<void> {
    return this.#alone(() =>
      this.#starting.move([ports, inForce], { restarts: this.#restarts, serve: () => this.#applyNow() }),
    )
  }

  /**
   * Moves to the wanted ports, which another program had.
   *
   * @throws EdgekeepError as `move`
   */
  moveToWanted(): Promise<void> {
    return this.move(this.#ports.wanted)
  }

  /** Looks again at the wanted ports that another program had. */
  async lookAtWanted(): Promise<void> {
    const { https, http } = this.#status.current
    for (const [protocol, listener] of [
      ['https', https],
      ['http', http],
    ] as const) {
      if (!listener) continue
      const seen = await seenAgain(listener)
      const isChanged =
        seen.isTaken !== listener.isTaken ||
        seen.isForbidden !== listener.isForbidden ||
        seen.takenBy !== listener.takenBy
      // The edge may have moved meanwhile.
      if (isChanged && this.#status.current[protocol] === listener) this.#status.set({ [protocol]: seen })
    }
  }

  /** Sets the detail of traffic reports, also for later workers. Resolves after earlier exchanges' reports. */
  async observe(wanted: WantedTraffic): Promise<void> {
    this.#observed = wanted
    await Promise.all(this.#slots.map((slot) => slot.observe(wanted)))
  }

  status(): EdgeStatus {
    return { ...this.#status.current }
  }

  /** Lets exchanges finish briefly. */
  async close(): Promise<void> {
    this.#isClosing = true
    if (this.#countTimer) clearInterval(this.#countTimer)
    this.#restarts.cancel()
    await ended([...this.#slots, ...this.#leaving])
    this.#editions.close()
    this.#status.set({ state: 'stopped' })
  }

  #alone<T>(act: () => Promise<T>): Promise<T> {
    const done = this.#applying.then(act)
    this.#applying = done.catch(() => null)
    return done
  }

  #createSlot(): WorkerSlot {
    const { workerEntry, log } = this.#options
    const slot: WorkerSlot = new WorkerSlot({
      workerEntry,
      onReport: (message) => this.#onReport(message),
      onStuck: () => log.error({}, 'Edge worker unresponsive, terminating it'),
      onMisread: (error) => log.error({ err: error }, 'Edge worker message failed'),
      onRefused: (refusal) => log.error(refusal, 'Configuration rejected by the edge'),
      changed: () => this.#status.set({}),
      onExit: (end, life) => this.#onExit(slot, end, life),
    })
    return slot
  }

  #onReport(message: WorkerReport): void {
    const { log, ...options } = this.#options
    switch (message.type) {
      case 'log':
        return log[message.level](message.fields ?? {}, message.message)
      case 'fault':
        log.error(message.fields, message.message)
        return this.#status.set({ faults: this.#status.current.faults + 1 })
      case 'published':
        return this.#status.set({ published: message.addresses })
      case 'origins':
        return options.onOrigins?.(message.domain, message.states)
      case 'usage':
        return options.onUsage?.(message.report)
      case 'findings':
        return options.onFindings?.(message.found)
      case 'stale':
        return options.onStale?.(message.domain)
      case 'unknown':
        return options.onUnknown?.(message.name)
      case 'traffic':
        return options.onTraffic?.(message.reports, message.omitted)
    }
  }

  /** After each heartbeat: one worker more while all are busy, one fewer after a minute at rest. */
  #adjustCount(): void {
    const isSteady = this.#slots.every((slot) => slot.isServing) && !this.#options.keepsSnapshot?.()
    if (!isSteady || this.#isClosing) return
    const change = this.#count.next(
      this.#slots.map((slot) => slot.busy),
      aliveMs / 1000,
    )
    if (change === 'more') void this.#add()
    else if (change === 'fewer') this.#endOne()
  }

  async #add(): Promise<void> {
    const slot = this.#createSlot()
    this.#slots.push(slot)
    void slot.observe(this.#observed)
    await this.#restarts.restart(slot)
    this.#options.log.info({ workers: this.#slots.length }, 'Edge worker added for load')
  }

  #endOne(): void {
    const slot = this.#slots.pop()
    if (!slot) return
    this.#leaving.add(slot)
    this.#restarts.forget(slot)
    slot.drain(restLimits)
    this.#status.set({})
    this.#options.log.info({ workers: this.#slots.length }, 'Idle edge worker stopped')
  }

  async #applyNow(): Promise<number | null> {
    const alive = this.#starting.alive()
    const { https, state } = this.#status.current
    if (alive.length === 0 || !https || this.#isClosing) return null
    if (state === 'running' && this.#options.keepsSnapshot?.()) return this.#status.inEffect
    this.#restarts.restartWaiting()
    const replies = await this.#editions.apply(alive)
    if (replies.some((reply) => reply.type === 'base-missing'))
      await this.#editions.apply(this.#starting.alive())
    this.#replacement.request(this.#options.source.leavingKeys())
    return this.#status.inEffect
  }

  /** The ports are unknown until a worker listens. */
  #publicPorts({ publicPorts }: SnapshotHead): SnapshotHead['publicPorts'] {
    return this.#status.current.https ? publicPorts : this.#ports.expected(publicPorts)
  }

  #onExit(slot: WorkerSlot, end: WorkerEnd, life: WorkerLife): void {
    const wasLeaving = this.#leaving.delete(slot)
    if (wasLeaving || this.#isClosing || !this.#status.current.https) return this.#status.set({})
    this.#restarts.schedule(slot, end, life)
  }
}
