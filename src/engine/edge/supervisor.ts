import type { EngineStatus } from '../../contract/engine-status.ts'
import { EdgekeepError } from '../../contract/errors.ts'
import { nextFreePort, portOwner } from './port-owner.ts'
import type { FromWorker, ListenRequest, Snapshot, ToWorker } from './snapshot.ts'
import { startWorkerProcess, type Reply, type WorkerProcess } from './worker-process.ts'

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
  /** Called for every start and change. The supervisor zeroes the keys in it once they are sent. */
  buildSnapshot: () => Snapshot
  /** Whether a running worker is to be left with what it serves; changes wait for the next `apply`. */
  isHeld?: () => boolean
  log: EdgeLog
  /** The status has changed. */
  changed: () => void
}

export interface Supervisor {
  /** @throws EdgekeepError `edge.port_taken`, `edge.port_forbidden`, `engine.failed` */
  start(): Promise<void>
  /** Sends what is now to be served; resolves with the version in effect, null while the worker is down. */
  apply(): Promise<number | null>
  status(): EdgeStatus
  /** Lets exchanges finish for a moment and ends the worker. */
  close(): Promise<void>
}

const drainMs = 2_000
const longestBackoffMs = 5_000
/** A worker that lived this long has not been failing from the start. */
const steadyMs = 10_000

export function createSupervisor(options: SupervisorOptions): Supervisor {
  return new EdgeSupervisor(options)
}

class EdgeSupervisor implements Supervisor {
  readonly #options: SupervisorOptions
  readonly #status: EdgeStatus
  #listen: ListenRequest
  #worker: WorkerProcess | null = null
  #queued: Promise<number | null> | null = null
  #applying: Promise<unknown> = Promise.resolve()
  #isClosing = false
  #failures = 0
  #restartTimer: NodeJS.Timeout | null = null

  constructor(options: SupervisorOptions) {
    this.#options = options
    this.#listen = options.listen
    this.#status = {
      state: 'stopped',
      https: null,
      http: null,
      workerPid: null,
      restarts: 0,
      problem: null,
      inEffect: null,
    }
  }

  async start(): Promise<void> {
    this.#set({ state: 'starting' })
    const worker = this.#fork()
    try {
      await this.#listenAtFirst(worker)
    } catch (error) {
      await this.close()
      throw error
    }
    // The first snapshot was built before the ports were known.
    await this.apply()
    this.#set({ state: 'running' })
  }

  apply(): Promise<number | null> {
    if (!this.#queued) {
      this.#queued = this.#applying.then(() => {
        this.#queued = null
        return this.#applyNow()
      })
      this.#applying = this.#queued.catch(() => null)
    }
    return this.#queued
  }

  status(): EdgeStatus {
    return { ...this.#status }
  }

  async close(): Promise<void> {
    this.#isClosing = true
    if (this.#restartTimer) clearTimeout(this.#restartTimer)
    const worker = this.#worker
    if (worker) {
      void worker.send({ type: 'drain', deadlineMs: drainMs })
      const timer = setTimeout(() => worker.kill(), drainMs + 1_000)
      await worker.exited
      clearTimeout(timer)
    }
    this.#set({ state: 'stopped', workerPid: null, inEffect: null })
  }

  #set(change: Partial<EdgeStatus>): void {
    Object.assign(this.#status, change)
    this.#options.changed()
  }

  #fork(): WorkerProcess {
    const startedAt = Date.now()
    const worker = startWorkerProcess(this.#options.workerEntry, {
      onMessage: (message) => this.#onMessage(message),
      onStuck: () => this.#options.log.error({}, 'The edge worker gives no sign of life and is ended'),
      onExit: (reason) => this.#onExit(reason, Date.now() - startedAt),
    })
    this.#worker = worker
    this.#status.workerPid = worker.pid
    return worker
  }

  /** The first start may meet taken ports; a restart keeps the ports it has. */
  async #listenAtFirst(worker: WorkerProcess): Promise<void> {
    const takenBy: { https: string | null; http: string | null } = { https: null, http: null }
    for (;;) {
      const reply = await this.#startWorker(worker)
      if (reply.type === 'listening') return this.#onListening(reply, takenBy)
      if (reply.type !== 'listen-failed') throw new EdgekeepError('engine.failed', {}, { cause: reply })
      const failed = reply.port === this.#listen.httpsPort ? 'https' : 'http'
      takenBy[failed] = await this.#makeWay(reply.code, reply.port, failed)
    }
  }

  /** Moves on to the next free port, or throws. Returns who has the wanted one. */
  async #makeWay(code: string, port: number, which: 'https' | 'http'): Promise<string> {
    if (code === 'EACCES') throw new EdgekeepError('edge.port_forbidden', { port })
    const { addresses, httpsPort, httpPort } = this.#listen
    const owner = await portOwner(port)
    const other = which === 'https' ? httpPort : httpsPort
    const free = await nextFreePort(port, addresses, [other])
    if (code !== 'EADDRINUSE' || this.#options.portTaken === 'fail' || free === undefined) {
      throw new EdgekeepError('edge.port_taken', {
        port,
        ...(owner === undefined ? {} : { owner }),
        ...(free === undefined ? {} : { nextFreePort: free }),
      })
    }
    this.#listen =
      which === 'https' ? { addresses, httpsPort: free, httpPort } : { addresses, httpsPort, httpPort: free }
    return owner ?? 'another process'
  }

  async #startWorker(worker: WorkerProcess): Promise<Reply> {
    const reply = worker.next(['listening', 'listen-failed', 'apply-failed'])
    await this.#send(worker, (snapshot) => ({ type: 'start', listen: this.#listen, snapshot }))
    return reply
  }

  async #applyNow(): Promise<number | null> {
    const worker = this.#worker
    if (!worker || !this.#status.https || this.#isClosing) return null
    if (this.#status.state === 'running' && this.#options.isHeld?.()) return this.#status.inEffect
    const reply = worker.next(['applied', 'apply-failed'])
    const version = await this.#send(worker, (snapshot) => ({ type: 'apply', snapshot }))
    return (await reply).type === 'applied' ? version : this.#status.inEffect
  }

  /** Builds a snapshot, sends it and zeroes its keys. Returns its version. */
  async #send(worker: WorkerProcess, message: (snapshot: Snapshot) => ToWorker): Promise<number> {
    const snapshot = this.#options.buildSnapshot()
    try {
      snapshot.publicPorts = this.#publicPorts(snapshot)
      await worker.send(message(snapshot))
      return snapshot.version
    } finally {
      for (const { leafKeyPem } of Object.values(snapshot.certificates)) leafKeyPem.fill(0)
    }
  }

  /** Until the worker listens nobody else can know the ports. */
  #publicPorts({ publicPorts }: Snapshot): Snapshot['publicPorts'] {
    if (this.#status.https) return publicPorts
    const { httpsPort, httpPort } = this.#listen
    return { https: httpsPort || publicPorts.https, http: httpPort || publicPorts.http }
  }

  #onMessage(message: FromWorker): void {
    if (message.type === 'log') this.#options.log[message.level](message.fields ?? {}, message.message)
    if (message.type === 'applied') this.#set({ inEffect: message.version, problem: null })
    if (message.type === 'apply-failed') this.#onApplyFailed(message)
  }

  #onApplyFailed({ version, reason }: Extract<FromWorker, { type: 'apply-failed' }>): void {
    this.#options.log.error({ version, reason }, 'The edge cannot take up a configuration')
    const { code, message } = new EdgekeepError('edge.not_applied', { version })
    this.#set({ problem: { code, message } })
  }

  #onListening(
    { https, http, addresses }: Extract<FromWorker, { type: 'listening' }>,
    takenBy: { https: string | null; http: string | null },
  ): void {
    const { httpsPort, httpPort } = this.#options.listen
    this.#listen = { addresses: this.#listen.addresses, httpsPort: https, httpPort: http }
    this.#set({
      https: { port: https, wantedPort: httpsPort || https, addresses, takenBy: takenBy.https },
      http: { port: http, wantedPort: httpPort || http, addresses, takenBy: takenBy.http },
    })
    this.#options.log.info({ https, http, addresses: addresses.join(' ') }, 'The edge listens')
  }

  #onExit(reason: string, livedMs: number): void {
    this.#worker = null
    const wasServing = this.#status.https !== null
    this.#set({ workerPid: null, inEffect: null })
    if (this.#isClosing || !wasServing) return
    this.#options.log.error({ reason, livedMs }, 'The edge worker ended unasked')
    this.#failures = livedMs > steadyMs ? 0 : this.#failures
    this.#scheduleRestart()
  }

  /** At once after the first death, then ever more slowly. */
  #scheduleRestart(): void {
    const delayMs = this.#failures === 0 ? 0 : Math.min(100 * 2 ** (this.#failures - 1), longestBackoffMs)
    this.#failures += 1
    this.#set({ state: this.#failures > 10 ? 'failed' : 'restarting', restarts: this.#status.restarts + 1 })
    this.#restartTimer = setTimeout(() => void this.#restart(this.#fork()), delayMs)
  }

  async #restart(worker: WorkerProcess): Promise<void> {
    try {
      const reply = await this.#startWorker(worker)
      if (this.#isClosing) return
      if (reply.type === 'listening') return this.#set({ state: 'running', problem: null })
      if (reply.type === 'listen-failed') await this.#sayPortTaken(reply.port)
      this.#options.log.error({ reply: reply.type }, 'The edge worker did not start')
    } catch (error) {
      this.#options.log.error({ err: error }, 'There is no configuration to start the edge worker with')
    }
    worker.kill()
  }

  async #sayPortTaken(port: number): Promise<void> {
    const owner = await portOwner(port)
    const { code, message } = new EdgekeepError('edge.port_taken', { port, ...(owner ? { owner } : {}) })
    this.#set({ problem: { code, message } })
  }
}
