import type { SendHandle } from 'node:child_process'
import type {
  DrainLimits,
  Edition,
  FromWorker,
  ListenRequest,
  ToWorker,
} from '../protocol/worker-protocol.ts'
import type { WantedTraffic } from '../protocol/traffic-report.ts'
import { startWorkerProcess, type Reply, type WorkerEnd, type WorkerProcess } from './worker-process.ts'

export interface Refusal {
  version: number
  reason: string
}

/** A compromised worker may name any number. */
const mostUnserved = 10_000

/** Messages for the engine, of which the slot keeps nothing. */
export type WorkerReport = Extract<
  FromWorker,
  { type: (typeof anyTime)[number] | (typeof currentOnly)[number] }
>

const anyTime = ['log', 'fault', 'findings', 'usage', 'traffic'] as const
/** Those of a replaced process are out of date. */
const currentOnly = ['origins', 'stale', 'unknown', 'published'] as const

export interface WorkerLife {
  livedMs: number
  hasServed: boolean
}

export interface SlotOptions {
  workerEntry: string
  onReport(message: WorkerReport): void
  onStuck(): void
  onMisread(error: unknown): void
  onRefused(refusal: Refusal): void
  changed(): void
  /** Its process has ended, on request or not. */
  onExit(end: WorkerEnd, life: WorkerLife): void
}

export class WorkerSlot {
  isServing = false
  version: number | null = null
  refused: Refusal | null = null
  /** Share of the time since the last heartbeat in which its process was busy, 0 to 1. */
  busy = 0
  /** Domains that may end the process (`unserved` of the protocol). */
  unserved: string[] = []
  /** Consecutive deaths. */
  failures = 0
  readonly #options: SlotOptions
  #process: WorkerProcess | null = null
  #successor: WorkerProcess | null = null
  /** Process for the next `fork`, without a snapshot. */
  #spare: WorkerProcess | null = null
  /** Replaced processes that finish their exchanges. */
  readonly #retiring = new Set<WorkerProcess>()
  /** Edition that the worker will have after applying everything sent; null if it needs a whole one. */
  #edition: number | null = null
  #wanted: WantedTraffic = 'nothing'
  #observeCalls = 0

  constructor(options: SlotOptions) {
    this.#options = options
  }

  get pid(): number | null {
    return this.#process?.pid ?? null
  }

  get isAlive(): boolean {
    return this.#process !== null
  }

  async ended(): Promise<void> {
    await Promise.all(this.#all().map(({ exited }) => exited))
  }

  async retired(): Promise<void> {
    await Promise.all([...this.#retiring].map(({ exited }) => exited))
  }

  fork(): void {
    this.unserved = []
    this.#process = this.#spare ?? this.#startProcess()
    this.#spare = null
  }

  forkSpare(): void {
    this.#spare ??= this.#startProcess()
  }

  dropSpare(): void {
    this.#spare?.kill()
    this.#spare = null
  }

  /** Starts a successor beside the current process; resolves with whether it has come up. */
  async forkSuccessor(): Promise<boolean> {
    const successor = (this.#successor = this.#startProcess())
    const reply = await successor.next(({ type }) => type === 'alive')
    return reply.type === 'alive'
  }

  dropSuccessor(): void {
    this.#successor?.kill()
    this.#successor = null
  }

  /**
   * Replaces the current process by the successor. The old one hands its listening sockets over and accepts
   * connections until it is drained. Resolves with whether all sockets were handed over.
   */
  async promoteSuccessor(): Promise<boolean> {
    const before = this.#process
    const successor = this.#successor
    if (!before || !successor) return false
    const handed = before.next(({ type }) => type === 'handed-over')
    void before.send({ type: 'hand-over' })
    if ((await handed).type !== 'handed-over' || this.#process !== before || this.#successor !== successor)
      return false
    this.#retiring.add(before)
    this.#process = successor
    this.#successor = null
    this.#edition = null
    this.unserved = []
    return true
  }

  drainRetiring(limits: DrainLimits): void {
    for (const process of this.#retiring) drain(process, limits)
  }

  killRetiring(): void {
    for (const process of this.#retiring) process.kill()
  }

  /**
   * Sets the detail of traffic reports, also for later processes. Resolves once earlier exchanges have been
   * reported, or a process has ended or does not answer.
   */
  async observe(wanted: WantedTraffic): Promise<void> {
    this.#wanted = wanted
    await Promise.all(this.#all().map((process) => this.#observeIn(process)))
  }

  takesChangeTo(edition: number): boolean {
    return this.#edition === edition - 1
  }

  /** Starts the process with a whole edition. `sent` resolves when the keys in it are no longer read. */
  start(listen: ListenRequest, edition: Edition): { sent: Promise<void>; reply: Promise<Reply> } {
    return this.#send({ type: 'start', listen, edition }, ['listening', 'listen-failed', 'apply-failed'])
  }

  apply(edition: Edition): { sent: Promise<void>; reply: Promise<Reply> } {
    return this.#send({ type: 'apply', edition }, ['applied', 'apply-failed', 'base-missing'])
  }

  drain(limits: DrainLimits): void {
    for (const process of this.#all()) drain(process, limits)
  }

  kill(): void {
    this.#process?.kill()
  }

  #send(
    message: Extract<ToWorker, { edition: Edition }>,
    answers: FromWorker['type'][],
  ): { sent: Promise<void>; reply: Promise<Reply> } {
    const process = this.#process
    if (!process) return { sent: Promise.resolve(), reply: Promise.resolve({ type: 'exited' }) }
    const { edition } = message.edition
    const reply = process.next(
      (answer) => answers.includes(answer.type) && (!('edition' in answer) || answer.edition === edition),
    )
    this.#edition = edition
    return { sent: process.send(message), reply }
  }

  #all(): WorkerProcess[] {
    const processes = [this.#process, this.#successor, this.#spare, ...this.#retiring]
    return processes.filter((process) => process !== null)
  }

  async #observeIn(process: WorkerProcess): Promise<void> {
    this.#observeCalls += 1
    const call = this.#observeCalls
    const observed = process.next((message) => message.type === 'observed' && message.call === call)
    void process.send({ type: 'observe', wanted: this.#wanted, call })
    await observed
  }

  #startProcess(): WorkerProcess {
    const startedAt = performance.now()
    let reports = 0
    const started: WorkerProcess = startWorkerProcess(this.#options.workerEntry, {
      onMessage: (message, handle) => {
        // The channel is ordered and lossless; if it ever fails, nothing is counted twice.
        if (message.type === 'usage' && message.report.sequence <= reports) return
        if (message.type === 'usage') reports = message.report.sequence
        this.#onMessage(started, message, handle)
      },
      onStuck: () => this.#options.onStuck(),
      onMisread: (error) => this.#options.onMisread(error),
      onExit: (end) => this.#onExit(started, end, performance.now() - startedAt),
    })
    if (this.#wanted !== 'nothing') void this.#observeIn(started)
    return started
  }

  #onExit(process: WorkerProcess, end: WorkerEnd, livedMs: number): void {
    this.#retiring.delete(process)
    if (this.#successor === process) this.#successor = null
    if (this.#spare === process) this.#spare = null
    if (this.#process !== process) return this.#options.changed()
    const hasServed = this.isServing
    this.#process = null
    this.isServing = false
    this.busy = 0
    this.version = null
    this.refused = null
    this.#edition = null
    this.#options.onExit(end, { livedMs, hasServed })
  }

  #onMessage(process: WorkerProcess, message: FromWorker, handle: SendHandle | undefined): void {
    if (isOneOf(message, anyTime)) return this.#options.onReport(message)
    if (message.type === 'listener') return this.#passOn(message, handle)
    if (process === this.#process) this.#onCurrent(message)
  }

  /** Forwards a listening socket; this process closes its copy after sending. */
  #passOn(message: Extract<FromWorker, { type: 'listener' }>, handle: SendHandle | undefined): void {
    const sent = this.#successor?.send(message, handle) ?? Promise.resolve()
    void sent.then(() => (handle as { close?(): void } | undefined)?.close?.())
  }

  #onCurrent(message: FromWorker): void {
    if (isOneOf(message, currentOnly)) return this.#options.onReport(message)
    if (message.type === 'alive') {
      this.busy = message.busy
      return
    }
    if (message.type === 'unserved') {
      this.unserved = message.domains.filter((domain) => typeof domain === 'string').slice(0, mostUnserved)
      return
    }
    if (message.type === 'listening') this.isServing = true
    else if (message.type === 'applied') {
      this.version = message.version
      this.refused = null
    } else if (message.type === 'apply-failed') {
      this.refused = { version: message.version, reason: message.reason }
      this.#edition = null
      this.#options.onRefused(this.refused)
    } else if (message.type === 'base-missing') this.#edition = null
    else return
    this.#options.changed()
  }
}

function isOneOf<T extends FromWorker['type']>(
  message: FromWorker,
  types: readonly T[],
): message is Extract<FromWorker, { type: T }> {
  return (types as readonly string[]).includes(message.type)
}

/** Grace period after the deadline, before a process that does not end by itself is killed. */
const killAfterMs = 1_000

function drain(process: WorkerProcess, limits: DrainLimits): void {
  void process.send({ type: 'drain', ...limits })
  const timer = setTimeout(() => process.kill(), limits.deadlineMs + killAfterMs)
  void process.exited.then(() => clearTimeout(timer))
}
