import { EdgekeepError } from '../../contract/errors/registry.ts'
import { portOwner } from './port-owner.ts'
import type { WorkersOptions } from './supervisor-options.ts'
import { Suspects } from './suspects.ts'
import type { WorkerEnd } from './worker-process.ts'
import type { WorkerLife, WorkerSlot } from './worker-slot.ts'

/** Limit for a worker that never served. */
const longestBackoffMs = 5_000
/** Limit for one that did: a client ended it, and the other domains wait meanwhile. */
const longestServingBackoffMs = 400
/** A worker that lived this long has not been failing from the start. */
const steadyMs = 10_000

/** Longer than a death is recent. */
const spareMs = 3 * 60_000

/**
 * Restarts dead workers: at once after the first death, then with backoff. Domains that may have ended a worker
 * are held off instead, and the others are served at once.
 */
export class WorkerRestarts {
  readonly #options: WorkersOptions
  readonly #timers = new Set<NodeJS.Timeout>()
  /** Slots whose worker died while the vault was locked and others serve: a new one would have no keys. */
  readonly #waiting = new Set<WorkerSlot>()
  readonly #suspects = new Suspects()

  constructor(options: WorkersOptions) {
    this.#options = options
  }

  heldMs(): Map<string, number> | undefined {
    return this.#suspects.heldMs()
  }

  schedule(slot: WorkerSlot, { reason, isFault }: WorkerEnd, { livedMs, hasServed }: WorkerLife): void {
    const { slots, status, keepsSnapshot, log } = this.#options
    const suspects = slot.unserved
    this.#suspects.died(suspects)
    log.error({ reason, livedMs, suspects: suspects.join() }, 'Edge worker exited unexpectedly')
    if (isFault) status.set({ faults: status.current.faults + 1 })
    if (livedMs > steadyMs) slot.failures = 0
    const longestMs = hasServed ? longestServingBackoffMs : longestBackoffMs
    const isAtOnce = slot.failures === 0 || suspects.length > 0
    const delayMs = isAtOnce ? 0 : Math.min(100 * 2 ** (slot.failures - 1), longestMs)
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

  /** Keeps a second process ready for a while after a death: another one may follow. */
  #prepare(slot: WorkerSlot): void {
    if (!this.heldMs()) return
    slot.forkSpare()
    const timer = setTimeout(() => {
      this.#timers.delete(timer)
      if (!this.heldMs()) slot.dropSpare()
    }, spareMs)
    this.#timers.add(timer)
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
      if (reply.type === 'listening') {
        this.#prepare(slot)
        return status.setPortProblem(null)
      }
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
