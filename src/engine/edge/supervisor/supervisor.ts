import { noEdge, type EngineStatus } from '../../../contract/engine-status.ts'
import type { OriginState } from '../../../contract/origins.ts'
import { EdgekeepError } from '../../../contract/errors.ts'
import type { UsageReport } from '../channel/counts.ts'
import type { FoundAt } from '../../findings/found.ts'
import { nextFreePort, portOwner } from './port-owner.ts'
import { portTrouble } from './port-trouble.ts'
import { Editions, type SnapshotSource } from './editions.ts'
import type { SnapshotHead } from '../channel/snapshot.ts'
import { aliveMs, type DrainLimits, type FromWorker, type ListenRequest } from '../channel/worker-protocol.ts'
import type { Told, WantedTraffic } from '../channel/told.ts'
import type { Reply, WorkerEnd } from './worker-process.ts'
import { mostWorkers, WorkerCount, type Workers } from './worker-count.ts'
import { WorkerExchange } from './worker-exchange.ts'
import { WorkerSlot } from './worker-slot.ts'

export type EdgeStatus = EngineStatus['edge'] & { inEffect: number | null }

/** The part of a pino logger that is used here. */
export interface EdgeLog {
  info(fields: object, message: string): void
  warn(fields: object, message: string): void
  error(fields: object, message: string): void
}

export interface SupervisorOptions {
  /** The worker's script. */
  workerEntry: string
  listen: ListenRequest
  /** What to do when a port is taken: `fail`, or take the `next` free one. */
  portTaken: 'fail' | 'next'
  /** How many processes serve; more than one needs a system that shares a port between them. Absent: one. */
  workers?: Workers | undefined
  /** How long a worker that was added must have been of no need before it is ended, in seconds. Absent: 60. */
  restSeconds?: number
  /** Asked at every start and change. The supervisor zeroes the keys that it gives once they are sent. */
  source: SnapshotSource
  /** Whether running workers are to be left with what they serve; changes wait for the next `apply`. */
  isHeld?: () => boolean
  log: EdgeLog
  /** A worker tells how the origins of a domain are. */
  onOrigins?: ((domain: string, states: OriginState[]) => void) | undefined
  /** A worker tells what it has counted since it last did. */
  onUsage?: ((report: UsageReport) => void) | undefined
  /** What workers tell of the traffic, after `observe`. */
  onTraffic?: (told: Told[], notTold: number) => void
  /** What the answers of watched domains have in them. */
  onFindings?: ((found: FoundAt[]) => void) | undefined
  /** A handshake for the domain waits for a fresh certificate. */
  onStale?: ((domain: string) => void) | undefined
  /** The status has changed. */
  changed: () => void
}

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

const drainMs = 2_000
const longestBackoffMs = 5_000
/** A worker that is not needed any more is in nobody's way: a websocket on it may go on for a day. */
const restLimits: DrainLimits = { deadlineMs: 24 * 60 * 60_000, lingerMs: 1_000 }
/** A worker that lived this long has not been failing from the start. */
const steadyMs = 10_000

export function createSupervisor(options: SupervisorOptions): Supervisor {
  return new EdgeSupervisor(options)
}

class EdgeSupervisor implements Supervisor {
  readonly #options: SupervisorOptions
  readonly #status: EdgeStatus
  readonly #editions: Editions
  readonly #slots: WorkerSlot[]
  /** Whose worker is not needed any more and finishes its exchanges. */
  readonly #leaving = new Set<WorkerSlot>()
  readonly #count: WorkerCount
  #countTimer: NodeJS.Timeout | null = null
  /** Whether there is, or may be, more than one worker on a port. */
  #isSharing: boolean
  #observed: WantedTraffic = 'nothing'
  /** Whose worker died while the vault was locked and others serve: a new one would have no keys. */
  readonly #waiting = new Set<WorkerSlot>()
  readonly #restartTimers = new Set<NodeJS.Timeout>()
  readonly #exchange: WorkerExchange
  #listen: ListenRequest
  /** What was asked for, which may have been taken. */
  #wanted: ListenRequest
  #queued: Promise<number | null> | null = null
  #applying: Promise<unknown> = Promise.resolve()
  #isClosing = false
  #portProblem: EdgeStatus['problem'] = null

  constructor(options: SupervisorOptions) {
    this.#options = options
    this.#listen = options.listen
    this.#wanted = options.listen
    this.#editions = new Editions(options.source, (head) => this.#publicPorts(head))
    const { workers = 1 } = options
    const most = mostWorkers(workers)
    this.#isSharing = most > 1
    this.#count = new WorkerCount(most, options.restSeconds)
    this.#slots = Array.from({ length: workers === 'auto' ? 1 : workers }, () => this.#createSlot())
    this.#exchange = new WorkerExchange({
      slots: this.#slots,
      leaving: this.#leaving,
      isHeld: () => options.isHeld?.() ?? false,
      isClosing: () => this.#isClosing,
      alone: (act) => this.#alone(act),
      start: (slot) => this.#startWorker(slot),
      onFailed: (pid) => options.log.error({ pid }, 'An edge worker could not be replaced and is ended'),
    })
    this.#status = { ...noEdge, inEffect: null }
  }

  async start(): Promise<void> {
    this.#set({ state: 'starting' })
    try {
      for (const slot of this.#slots) await this.#startAtFirst(slot)
    } catch (error) {
      await this.close()
      throw error
    }
    // The first snapshot was built before the ports were known.
    await this.apply()
    this.#set({ state: 'running' })
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

  /** One after the other. */
  #alone<T>(act: () => Promise<T>): Promise<T> {
    const done = this.#applying.then(act)
    this.#applying = done.catch(() => null)
    return done
  }

  status(): EdgeStatus {
    return { ...this.#status }
  }

  async close(): Promise<void> {
    this.#isClosing = true
    if (this.#countTimer) clearInterval(this.#countTimer)
    for (const timer of this.#restartTimers) clearTimeout(timer)
    await Promise.all(
      [...this.#slots, ...this.#leaving].map(async (slot) => {
        slot.drain({ deadlineMs: drainMs, lingerMs: 0 })
        await slot.ended()
      }),
    )
    this.#editions.close()
    this.#set({ state: 'stopped' })
  }

  #createSlot(): WorkerSlot {
    const slot: WorkerSlot = new WorkerSlot({
      workerEntry: this.#options.workerEntry,
      onLog: ({ level, message, fields }) => this.#options.log[level](fields ?? {}, message),
      onFault: ({ message, fields }) => {
        this.#options.log.error(fields, message)
        this.#set({ faults: this.#status.faults + 1 })
      },
      onOrigins: ({ domain, states }) => this.#options.onOrigins?.(domain, states),
      onUsage: (report) => this.#options.onUsage?.(report),
      onFindings: (found) => this.#options.onFindings?.(found),
      onStale: (domain) => this.#options.onStale?.(domain),
      onStuck: () => this.#options.log.error({}, 'The edge worker gives no sign of life and is ended'),
      onMisread: (error) =>
        this.#options.log.error({ err: error }, 'A message of the edge worker could not be acted on'),
      onRefused: (refusal) => this.#options.log.error(refusal, 'The edge cannot take up a configuration'),
      onTraffic: ({ told, notTold }) => this.#options.onTraffic?.(told, notTold),
      changed: () => this.#set({}),
      onExit: (end, livedMs) => this.#onExit(slot, end, livedMs),
    })
    return slot
  }

  /** Tells what the slots make of the status, and `change`. */
  #set(change: Partial<EdgeStatus>): void {
    Object.assign(this.#status, change)
    const { state } = this.#status
    if (state !== 'stopped' && state !== 'starting') this.#status.state = this.#stateOfSlots()
    this.#status.workerPids = this.#slots.map((slot) => slot.pid).filter((pid) => pid !== null)
    this.#status.inEffect = this.#inEffect()
    this.#status.problem = this.#problem()
    this.#options.changed()
  }

  #stateOfSlots(): 'running' | 'restarting' | 'failed' {
    if (this.#slots.some((slot) => slot.isServing)) return 'running'
    return this.#slots.every((slot) => slot.failures > 10) ? 'failed' : 'restarting'
  }

  /** The oldest version that a worker serves; null while there is none. */
  #inEffect(): number | null {
    const versions = this.#slots.map((slot) => slot.version).filter((version) => version !== null)
    return versions.length > 0 ? Math.min(...versions) : null
  }

  #problem(): EdgeStatus['problem'] {
    const refused = this.#slots.find((slot) => slot.refused !== null)?.refused
    if (!refused) return this.#portProblem
    const { code, message } = new EdgekeepError('edge.not_applied', { version: refused.version })
    return { code, message }
  }

  #alive(except?: WorkerSlot): WorkerSlot[] {
    return this.#slots.filter((slot) => slot.isAlive && slot !== except)
  }

  /** The first start may meet taken ports; a restart keeps the ports it has. */
  async #startAtFirst(slot: WorkerSlot): Promise<void> {
    const takenBy: { https: string | null; http: string | null } = { https: null, http: null }
    slot.fork()
    for (;;) {
      const reply = await this.#startWorker(slot)
      if (reply.type === 'listening') return this.#onListening(reply, takenBy)
      if (reply.type !== 'listen-failed') throw new EdgekeepError('engine.failed', {}, { cause: reply })
      const failed = reply.port === this.#listen.httpsPort ? 'https' : 'http'
      takenBy[failed] = await this.#makeWay(reply.code, reply.port, failed)
    }
  }

  /** Moves on to the next free port, or throws. Returns who has the wanted one. */
  async #makeWay(code: string, port: number, which: 'https' | 'http'): Promise<string | null> {
    if (code === 'EACCES') throw new EdgekeepError('edge.port_forbidden', { port })
    if (code === 'ENOTSUP' && this.#options.workers === 'auto') return this.#serveAlone()
    if (code === 'ENOTSUP') throw new EdgekeepError('edge.workers_unsupported', {})
    const { addresses, httpsPort, httpPort } = this.#listen
    const owner = await portOwner(port)
    const other = which === 'https' ? httpPort : httpsPort
    const free = await nextFreePort(port, addresses, [other])
    if (code !== 'EADDRINUSE' || this.#options.portTaken === 'fail' || free === undefined) {
      throw new EdgekeepError('edge.port_taken', {
        port,
        listener: which,
        ...(owner === undefined ? {} : { owner }),
        ...(free === undefined ? {} : { nextFreePort: free }),
      })
    }
    this.#listen =
      which === 'https' ? { addresses, httpsPort: free, httpPort } : { addresses, httpsPort, httpPort: free }
    return owner ?? 'another process'
  }

  async #moveNow(ports: Pick<ListenRequest, 'httpsPort' | 'httpPort'>): Promise<void> {
    const before = this.#listen
    const { httpsPort, httpPort } = before
    if (ports.httpsPort === httpsPort && ports.httpPort === httpPort) return
    // Workers that start now would be given no keys.
    if (this.#options.isHeld?.()) throw new EdgekeepError('edge.without_keys', { domains: ['every domain'] })
    for (const port of [ports.httpsPort, ports.httpPort].filter(
      (each) => each !== httpsPort && each !== httpPort,
    )) {
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
    this.#set({ state: 'starting', https: null, http: null })
    for (const timer of this.#restartTimers) clearTimeout(timer)
    this.#restartTimers.clear()
    await Promise.all(
      this.#slots.map(async (slot) => {
        slot.drain({ deadlineMs: drainMs, lingerMs: 0 })
        await slot.ended()
      }),
    )
  }

  async #startAllOn(listen: ListenRequest): Promise<void> {
    this.#listen = listen
    this.#wanted = listen
    for (const slot of this.#slots) await this.#startAtFirst(slot)
    // The first snapshot was built before the ports were known.
    await this.#applyNow()
    this.#set({ state: 'running' })
  }

  /** This system shares no port between processes, which only workers that were asked for would need. */
  #serveAlone(): null {
    this.#isSharing = false
    return null
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
    await this.#restart(slot)
    this.#options.log.info({ workers: this.#slots.length }, 'An edge worker was added, because all were busy')
  }

  #endOne(): void {
    const slot = this.#slots.pop()
    if (!slot) return
    this.#leaving.add(slot)
    this.#waiting.delete(slot)
    slot.drain(restLimits)
    this.#set({})
    this.#options.log.info(
      { workers: this.#slots.length },
      'An edge worker was ended, because there was little to do',
    )
  }

  #startWorker(slot: WorkerSlot): Promise<Reply> {
    const others = this.#alive(slot)
    const role = others.some((other) => other.isServing) ? 'joining' : 'first'
    const sharing = this.#isSharing ? role : undefined
    return this.#editions.start(slot, { ...this.#listen, sharing }, others)
  }

  async #applyNow(): Promise<number | null> {
    const alive = this.#alive()
    if (alive.length === 0 || !this.#status.https || this.#isClosing) return null
    if (this.#status.state === 'running' && this.#options.isHeld?.()) return this.#inEffect()
    for (const slot of this.#waiting) void this.#restart(slot)
    const replies = await this.#editions.apply(alive)
    if (replies.some((reply) => reply.type === 'base-missing')) await this.#editions.apply(this.#alive())
    this.#exchange.request(this.#options.source.leavingKeys())
    return this.#inEffect()
  }

  /** Until a worker listens nobody else can know the ports. */
  #publicPorts({ publicPorts }: SnapshotHead): SnapshotHead['publicPorts'] {
    if (this.#status.https) return publicPorts
    const { httpsPort, httpPort } = this.#listen
    return { https: httpsPort || publicPorts.https, http: httpPort || publicPorts.http }
  }

  #onListening(
    { https, http, addresses }: Extract<FromWorker, { type: 'listening' }>,
    takenBy: { https: string | null; http: string | null },
  ): void {
    // Those that join the first listen where it does.
    if (this.#status.https) return
    const { httpsPort, httpPort } = this.#wanted
    this.#listen = { addresses: this.#listen.addresses, httpsPort: https, httpPort: http }
    this.#set({
      https: { port: https, wantedPort: httpsPort || https, addresses, takenBy: takenBy.https },
      http: { port: http, wantedPort: httpPort || http, addresses, takenBy: takenBy.http },
    })
    this.#options.log.info({ https, http, addresses: addresses.join(' ') }, 'The edge listens')
  }

  #onExit(slot: WorkerSlot, { reason, isFault }: WorkerEnd, livedMs: number): void {
    if (this.#leaving.delete(slot)) return this.#set({})
    const wasServing = this.#status.https !== null
    if (this.#isClosing || !wasServing) return this.#set({})
    this.#options.log.error({ reason, livedMs }, 'The edge worker ended unasked')
    if (isFault) this.#set({ faults: this.#status.faults + 1 })
    slot.failures = livedMs > steadyMs ? 0 : slot.failures
    this.#scheduleRestart(slot)
  }

  /** At once after the first death, then ever more slowly. */
  #scheduleRestart(slot: WorkerSlot): void {
    const delayMs = slot.failures === 0 ? 0 : Math.min(100 * 2 ** (slot.failures - 1), longestBackoffMs)
    slot.failures += 1
    this.#set({ restarts: this.#status.restarts + 1 })
    const timer = setTimeout(() => {
      this.#restartTimers.delete(timer)
      if (this.#options.isHeld?.() && this.#slots.some((other) => other.isServing)) this.#waiting.add(slot)
      else void this.#restart(slot)
    }, delayMs)
    this.#restartTimers.add(timer)
  }

  async #restart(slot: WorkerSlot): Promise<void> {
    this.#waiting.delete(slot)
    slot.fork()
    try {
      const reply = await this.#startWorker(slot)
      if (this.#isClosing) return
      if (reply.type === 'listening') {
        this.#portProblem = null
        return this.#set({})
      }
      if (reply.type === 'listen-failed') await this.#sayPortTaken(reply.port)
      this.#options.log.error({ reply: reply.type }, 'The edge worker did not start')
    } catch (error) {
      this.#options.log.error({ err: error }, 'There is no configuration to start the edge worker with')
    }
    slot.kill()
  }

  async #sayPortTaken(port: number): Promise<void> {
    const owner = await portOwner(port)
    const { code, message } = new EdgekeepError('edge.port_taken', { port, ...(owner ? { owner } : {}) })
    this.#portProblem = { code, message }
    this.#set({})
  }
}
