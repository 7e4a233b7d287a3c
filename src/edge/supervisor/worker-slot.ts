import type { UsageReport } from '../protocol/counts.ts'
import type { FoundAt } from '../worker/findings/found.ts'
import type { SendHandle } from 'node:child_process'
import type {
  DrainLimits,
  Edition,
  FromWorker,
  ListenRequest,
  ToWorker,
} from '../protocol/worker-protocol.ts'
import type { WantedTraffic } from '../protocol/told.ts'
import { startWorkerProcess, type Reply, type WorkerEnd, type WorkerProcess } from './worker-process.ts'

/** Why a worker has not taken up what it was sent. */
export interface Refusal {
  version: number
  reason: string
}

export interface SlotOptions {
  workerEntry: string
  onLog(message: Extract<FromWorker, { type: 'log' }>): void
  onFault(message: Extract<FromWorker, { type: 'fault' }>): void
  onUsage(report: UsageReport): void
  onOrigins(message: Extract<FromWorker, { type: 'origins' }>): void
  onFindings(found: FoundAt[]): void
  onStale(domain: string): void
  onStuck(): void
  onMisread(error: unknown): void
  onRefused(refusal: Refusal): void
  onTraffic(message: Extract<FromWorker, { type: 'traffic' }>): void
  /** What the slot says of itself has changed. */
  changed(): void
  /** Its process has ended, asked or unasked. */
  onExit(end: WorkerEnd, livedMs: number): void
}

/** A place for one worker: the process that is there now, what it was sent and what it has taken up. */
export class WorkerSlot {
  /** Whether its process listens. */
  isServing = false
  /** The configuration's version that is in effect in it. */
  version: number | null = null
  /** Of what it was sent last. */
  refused: Refusal | null = null
  /** The share of the last second in which its process had something to do, 0 to 1. */
  busy = 0
  /** Deaths in a row. */
  failures = 0
  readonly #options: SlotOptions
  #process: WorkerProcess | null = null
  /** A process that will take the place of the current one. */
  #successor: WorkerProcess | null = null
  /** Processes that were replaced and finish their exchanges. */
  readonly #retiring = new Set<WorkerProcess>()
  /** The edition it has, if it takes up what is on its way to it; null where only a whole one will do. */
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

  /** Resolves when none of its processes is left. */
  async ended(): Promise<void> {
    await Promise.all(this.#all().map(({ exited }) => exited))
  }

  /** Resolves when the processes that were replaced have ended. */
  async retired(): Promise<void> {
    await Promise.all([...this.#retiring].map(({ exited }) => exited))
  }

  fork(): void {
    this.#process = this.#startProcess()
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
   * Puts the successor in the place of the current process, which hands its listening sockets over and
   * goes on accepting connections until it is drained. Resolves with whether all sockets were handed over.
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
    return true
  }

  /** Lets the processes that were replaced finish their exchanges, within the limits, and ends them. */
  drainRetiring(limits: DrainLimits): void {
    for (const process of this.#retiring) drain(process, limits)
  }

  killRetiring(): void {
    for (const process of this.#retiring) process.kill()
  }

  /**
   * Sets the detail of traffic to report, also for later processes. Resolves once everything that ended before has
   * been reported, or a process has ended or does not answer.
   */
  async observe(wanted: WantedTraffic): Promise<void> {
    this.#wanted = wanted
    await Promise.all(this.#all().map((process) => this.#observeIn(process)))
  }

  /** Whether it takes a change that leads to `edition`. */
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

  /** Lets all of its processes finish their exchanges, within the limits, and ends them. */
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
    const processes = [this.#process, this.#successor, ...this.#retiring]
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
        // The channel keeps order and loses nothing; should it ever not, nothing is counted twice.
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
    if (this.#process !== process) return this.#options.changed()
    this.#process = null
    this.isServing = false
    this.busy = 0
    this.version = null
    this.refused = null
    this.#edition = null
    this.#options.onExit(end, livedMs)
  }

  #onMessage(process: WorkerProcess, message: FromWorker, handle: SendHandle | undefined): void {
    if (message.type === 'log') return this.#options.onLog(message)
    if (message.type === 'fault') return this.#options.onFault(message)
    if (message.type === 'findings') return this.#options.onFindings(message.found)
    if (message.type === 'usage') return this.#options.onUsage(message.report)
    if (message.type === 'traffic') return this.#options.onTraffic(message)
    if (message.type === 'listener') return this.#passOn(message, handle)
    // What a process that was replaced says of itself is out of date.
    if (process === this.#process) this.#onCurrent(message)
  }

  /** The copy of the socket that this process was given is closed once it has been sent. */
  #passOn({ serves }: Extract<FromWorker, { type: 'listener' }>, handle: SendHandle | undefined): void {
    const sent = this.#successor?.send({ type: 'listener', serves }, handle) ?? Promise.resolve()
    void sent.then(() => (handle as { close?(): void } | undefined)?.close?.())
  }

  #onCurrent(message: FromWorker): void {
    if (message.type === 'origins') return this.#options.onOrigins(message)
    if (message.type === 'stale') return this.#options.onStale(message.domain)
    if (message.type === 'alive') {
      this.busy = message.busy
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

/** Less than this after its deadline a process has ended by itself, or it never will. */
const killAfterMs = 1_000

function drain(process: WorkerProcess, limits: DrainLimits): void {
  void process.send({ type: 'drain', ...limits })
  const timer = setTimeout(() => process.kill(), limits.deadlineMs + killAfterMs)
  void process.exited.then(() => clearTimeout(timer))
}
