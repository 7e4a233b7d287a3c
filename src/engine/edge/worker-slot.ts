import type { UsageReport } from './counts.ts'
import type { FoundAt } from './findings/found.ts'
import type { Edition, FromWorker, ListenRequest, ToWorker } from './snapshot.ts'
import type { WantedTraffic } from './told.ts'
import { startWorkerProcess, type Reply, type WorkerProcess } from './worker-process.ts'

/** Why a worker has not taken up what it was sent. */
export interface Refusal {
  version: number
  reason: string
}

export interface SlotOptions {
  workerEntry: string
  onLog(message: Extract<FromWorker, { type: 'log' }>): void
  onUsage(report: UsageReport): void
  onOrigins(message: Extract<FromWorker, { type: 'origins' }>): void
  onFindings(found: FoundAt[]): void
  onStuck(): void
  onRefused(refusal: Refusal): void
  onTraffic(message: Extract<FromWorker, { type: 'traffic' }>): void
  /** What the slot says of itself has changed. */
  changed(): void
  /** Its process has ended, asked or unasked. */
  onExit(reason: string, livedMs: number): void
}

/** A place for one worker: the process that is there now, what it was sent and what it has taken up. */
export class WorkerSlot {
  /** Whether its process listens. */
  isServing = false
  /** The configuration's version that is in effect in it. */
  version: number | null = null
  /** Of what it was sent last. */
  refused: Refusal | null = null
  /** Deaths in a row. */
  failures = 0
  readonly #options: SlotOptions
  #process: WorkerProcess | null = null
  /** The edition it has, if it takes up what is on its way to it; null where only a whole one will do. */
  #edition: number | null = null
  /** How many reports of usage the process has sent. */
  #reports = 0
  #wanted: WantedTraffic = 'nothing'

  constructor(options: SlotOptions) {
    this.#options = options
  }

  get pid(): number | null {
    return this.#process?.pid ?? null
  }

  get isAlive(): boolean {
    return this.#process !== null
  }

  /** Resolves when there is no process any more. */
  get ended(): Promise<void> {
    return this.#process?.exited ?? Promise.resolve()
  }

  fork(): void {
    const startedAt = performance.now()
    this.#reports = 0
    this.#process = startWorkerProcess(this.#options.workerEntry, {
      onMessage: (message) => this.#onMessage(message),
      onStuck: () => this.#options.onStuck(),
      onExit: (reason) => {
        this.#process = null
        this.isServing = false
        this.version = null
        this.refused = null
        this.#edition = null
        this.#options.onExit(reason, performance.now() - startedAt)
      },
    })
    if (this.#wanted !== 'nothing') this.observe(this.#wanted)
  }

  /** How much of its traffic it is to tell, and whoever comes after it. */
  observe(wanted: WantedTraffic): void {
    this.#wanted = wanted
    void this.#process?.send({ type: 'observe', wanted })
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

  drain(deadlineMs: number): void {
    void this.#process?.send({ type: 'drain', deadlineMs })
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

  /** The channel keeps order and loses nothing; should it ever not, nothing is counted twice. */
  #onUsage(report: UsageReport): void {
    if (report.sequence <= this.#reports) return
    this.#reports = report.sequence
    this.#options.onUsage(report)
  }

  #onMessage(message: FromWorker): void {
    if (message.type === 'log') return this.#options.onLog(message)
    if (message.type === 'origins') return this.#options.onOrigins(message)
    if (message.type === 'findings') return this.#options.onFindings(message.found)
    if (message.type === 'usage') return this.#onUsage(message.report)
    if (message.type === 'traffic') return this.#options.onTraffic(message)
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
