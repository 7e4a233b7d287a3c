import type { KeysLeaving } from './editions.ts'
import type { WorkersOptions } from './supervisor-options.ts'
import type { DrainLimits } from '../protocol/worker-protocol.ts'
import type { WorkerSlot } from './worker-slot.ts'

/**
 * Drain limits of replaced workers. A key has left every process only when they have ended, so this weighs
 * long streams of other domains against the erased key; see docs/decisions/0008.
 */
const drainLimits: Record<KeysLeaving, DrainLimits> = {
  erased: { deadlineMs: 30_000, lingerMs: 1_000 },
  locked: { deadlineMs: 5_000, lingerMs: 1_000 },
}

export interface ReplacementOptions extends WorkersOptions {
  /** Slots whose worker finishes its exchanges without a successor. */
  leaving: ReadonlySet<WorkerSlot>
  /** Runs `act` as a critical section: no configuration is sent meanwhile. */
  alone: (act: () => Promise<void>) => Promise<void>
}

/**
 * Replaces workers by new processes, because only the end of a process certainly removes a key from memory:
 * OpenSSL's contexts live on in connections and in garbage that is not collected yet.
 *
 * The new process takes over the listening sockets before the old one stops accepting, so no connection is
 * refused. One replacement runs at a time, and the next one begins when the replaced workers have ended: a
 * series of erasures makes no more than two processes for each slot.
 */
export class WorkerReplacement {
  readonly #options: ReplacementOptions
  #wanted: KeysLeaving | null = null
  #isRunning = false
  /** Settled when no replacement is pending. */
  #pending: PromiseWithResolvers<void> | null = null
  #hurry = Promise.withResolvers<void>()

  constructor(options: ReplacementOptions) {
    this.#options = options
  }

  /** Requests a replacement; null resumes a postponed one. */
  request(leaving: KeysLeaving | null): void {
    if (leaving && this.#wanted !== 'locked') this.#wanted = leaving
    if (leaving) for (const slot of this.#options.leaving) slot.drain(drainLimits[leaving])
    if (leaving === 'locked') {
      this.#hurry.resolve()
      for (const slot of this.#options.slots) slot.drainRetiring(drainLimits.locked)
    }
    if (!this.#wanted || this.#options.keepsSnapshot()) return
    this.#pending ??= Promise.withResolvers()
    if (!this.#isRunning) void this.#run()
  }

  /** Resolves when every erased key has left the workers that accept connections. */
  async settled(): Promise<void> {
    this.#hurry.resolve()
    await this.#pending?.promise
  }

  async #run(): Promise<void> {
    const { slots, keepsSnapshot, isClosing } = this.#options
    this.#isRunning = true
    while (this.#wanted && !isClosing() && !keepsSnapshot()) {
      const leaving = this.#wanted
      this.#wanted = null
      this.#hurry = Promise.withResolvers()
      for (const slot of slots) await this.#replace(slot, leaving)
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

  async #replace(slot: WorkerSlot, leaving: KeysLeaving): Promise<void> {
    const { pid } = slot
    // A process that starts later never gets the key.
    if (pid === null || this.#options.isClosing()) return
    const isUp = await slot.forkSuccessor()
    await this.#options.alone(async () => {
      if (this.#options.isClosing() || slot.pid !== pid) return slot.dropSuccessor()
      if (this.#options.keepsSnapshot()) {
        this.#wanted ??= leaving
        return slot.dropSuccessor()
      }
      const isReplaced = isUp && (await slot.promoteSuccessor()) && (await this.#isStarted(slot))
      if (isReplaced) return slot.drainRetiring(drainLimits[leaving])
      // The restart that follows serves the same; a failure must not keep the key in memory.
      this.#options.log.error({ pid }, 'Edge worker replacement failed, terminating it')
      slot.dropSuccessor()
      slot.killRetiring()
      slot.kill()
    })
  }

  async #isStarted(slot: WorkerSlot): Promise<boolean> {
    return (await this.#options.start(slot)).type === 'listening'
  }
}
