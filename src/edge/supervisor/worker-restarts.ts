import { EdgekeepError } from '../../contract/errors/registry.ts'
import { portOwner } from './port-owner.ts'
import type { WorkersOptions } from './supervisor-options.ts'
import type { WorkerEnd } from './worker-process.ts'
import type { WorkerSlot } from './worker-slot.ts'

const longestBackoffMs = 5_000
/** A worker that lived this long has not been failing from the start. */
const steadyMs = 10_000

/** Restarts dead workers: at once after the first death, then with backoff. */
export class WorkerRestarts {
  readonly #options: WorkersOptions
  readonly #timers = new Set<NodeJS.Timeout>()
  /** Slots whose worker died while the vault was locked and others serve: a new one would have no keys. */
  readonly #waiting = new Set<WorkerSlot>()

  constructor(options: WorkersOptions) {
    this.#options = options
  }

  schedule(slot: WorkerSlot, { reason, isFault }: WorkerEnd, livedMs: number): void {
    const { slots, status, keepsSnapshot, log } = this.#options
    log.error({ reason, livedMs }, 'Edge worker exited unexpectedly')
    if (isFault) status.set({ faults: status.current.faults + 1 })
    if (livedMs > steadyMs) slot.failures = 0
    const delayMs = slot.failures === 0 ? 0 : Math.min(100 * 2 ** (slot.failures - 1), longestBackoffMs)
    slot.failures += 1
    status.set({ restarts: status.current.restarts + 1 })
    const timer = setTimeout(() => {
      this.#timers.delete(timer)
      if (keepsSnapshot() && slots.some((other) => other.isServing)) this.#waiting.add(slot)
      else void this.restart(slot)
    }, delayMs)
    this.#timers.add(timer)
  }

  restartWaiting(): void {
    for (const slot of this.#waiting) void this.restart(slot)
  }

  forget(slot: WorkerSlot): void {
    this.#waiting.delete(slot)
  }

  cancel(): void {
    for (const timer of this.#timers) clearTimeout(timer)
    this.#timers.clear()
  }

  /** Starts a process in the slot; a failure is logged and ends it, which schedules the next try. */
  async restart(slot: WorkerSlot): Promise<void> {
    const { start, status, isClosing, log } = this.#options
    this.#waiting.delete(slot)
    slot.fork()
    try {
      const reply = await start(slot)
      if (isClosing()) return
      if (reply.type === 'listening') return status.setPortProblem(null)
      if (reply.type === 'listen-failed') status.setPortProblem(await portTaken(reply.port))
      log.error({ reply: reply.type }, 'Edge worker start failed')
    } catch (error) {
      log.error({ err: error }, 'Edge worker not started, no configuration yet')
    }
    slot.kill()
  }
}

async function portTaken(port: number): Promise<{ code: string; message: string }> {
  const owner = await portOwner(port)
  const { code, message } = new EdgekeepError('edge.port_taken', { port, ...(owner ? { owner } : {}) })
  return { code, message }
}
