import type { Reply } from './worker-process.ts'
import type { DrainLimits } from '../protocol/worker-protocol.ts'
import type { WorkerSlot } from './worker-slot.ts'

/**
 * Why workers are to be replaced: a key that they were given has been `erased` from the vault, or
 * the vault was `locked` and the edge is to serve nothing over HTTPS until it is unlocked.
 */
export type KeysLeaving = 'erased' | 'locked'

/**
 * How long a replaced worker may finish its exchanges. A key has left the memory of every process
 * once it has ended, so this is a choice between long streams of other domains and the erased key;
 * docs/decisions/0008 has the reasons.
 */
const drainLimits: Record<KeysLeaving, DrainLimits> = {
  erased: { deadlineMs: 30_000, lingerMs: 1_000 },
  locked: { deadlineMs: 5_000, lingerMs: 1_000 },
}

export interface ExchangeOptions {
  slots: WorkerSlot[]
  /** Those whose worker finishes its exchanges without a successor. */
  leaving: ReadonlySet<WorkerSlot>
  /** Whether a worker that is started now would get no keys although it should. */
  isHeld: () => boolean
  isClosing: () => boolean
  /** Runs `act` when no configuration is being sent, and keeps others from being sent meanwhile. */
  alone: (act: () => Promise<void>) => Promise<void>
  /** Gives the process that is in the slot now all that it is to serve. */
  start: (slot: WorkerSlot) => Promise<Reply>
  /** Worker `pid` could not be replaced and is ended. */
  onFailed: (pid: number | null) => void
}

/**
 * Replaces workers by new processes, because only the end of a process takes a key out of its memory
 * for certain: OpenSSL's contexts live on in connections and in what the garbage collector has not met.
 *
 * The new process takes over the listening sockets before the old one stops accepting, so no
 * connection is refused. One exchange runs at a time, and the next one begins when the workers of the
 * one before have ended: a series of erasures makes no more than two processes for each slot.
 */
export class WorkerExchange {
  readonly #options: ExchangeOptions
  #wanted: KeysLeaving | null = null
  #isRunning = false
  /** Settled when no exchange is waiting to be made. */
  #pending: PromiseWithResolvers<void> | null = null
  /** Ends the wait for workers that are being drained. */
  #hurry = Promise.withResolvers<void>()

  constructor(options: ExchangeOptions) {
    this.#options = options
  }

  /** Asks for an exchange; null asks for one that had to wait. */
  request(leaving: KeysLeaving | null): void {
    if (leaving && this.#wanted !== 'locked') this.#wanted = leaving
    if (leaving) for (const slot of this.#options.leaving) slot.drain(drainLimits[leaving])
    if (leaving === 'locked') {
      this.#hurry.resolve()
      for (const slot of this.#options.slots) slot.drainRetiring(drainLimits.locked)
    }
    if (!this.#wanted || this.#options.isHeld()) return
    this.#pending ??= Promise.withResolvers()
    if (!this.#isRunning) void this.#run()
  }

  /** Resolves when every key that was to leave has left the workers that accept connections. */
  async settled(): Promise<void> {
    this.#hurry.resolve()
    await this.#pending?.promise
  }

  async #run(): Promise<void> {
    const { slots, isHeld, isClosing } = this.#options
    this.#isRunning = true
    while (this.#wanted && !isClosing() && !isHeld()) {
      const leaving = this.#wanted
      this.#wanted = null
      this.#hurry = Promise.withResolvers()
      for (const slot of slots) await this.#exchange(slot, leaving)
      if (!this.#wanted) this.#resolvePending()
      await Promise.race([this.#hurry.promise, Promise.all(slots.map((slot) => slot.retired()))])
    }
    this.#isRunning = false
    this.#resolvePending()
  }

  #resolvePending(): void {
    this.#pending?.resolve()
    this.#pending = null
  }

  async #exchange(slot: WorkerSlot, leaving: KeysLeaving): Promise<void> {
    const { pid } = slot
    // A process that is started later is never given the key.
    if (pid === null || this.#options.isClosing()) return
    const isUp = await slot.forkSuccessor()
    await this.#options.alone(async () => {
      if (this.#options.isClosing() || slot.pid !== pid) return slot.dropSuccessor()
      if (this.#options.isHeld()) {
        this.#wanted ??= leaving
        return slot.dropSuccessor()
      }
      const isReplaced = isUp && (await slot.promoteSuccessor()) && (await this.#isStarted(slot))
      if (isReplaced) return slot.drainRetiring(drainLimits[leaving])
      // The restart that follows serves the same, and the key must not stay because of a fault.
      this.#options.onFailed(pid)
      slot.dropSuccessor()
      slot.killRetiring()
      slot.kill()
    })
  }

  async #isStarted(slot: WorkerSlot): Promise<boolean> {
    return (await this.#options.start(slot)).type === 'listening'
  }
}
