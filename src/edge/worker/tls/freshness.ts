import type { ServingCertificate } from '../../protocol/snapshot.ts'

export interface FreshnessOptions {
  /** Asks the engine for a fresh certificate for a domain. */
  ask: (domain: string) => void
  /** How long a handshake waits for it. */
  patienceMs?: number
  /** How soon the engine is asked again where nothing came of it. */
  againMs?: number
}

/**
 * Handshakes that meet a certificate which the engine can renew at once, in its last hours, expired or not valid yet:
 * they wait a moment for the fresh one. A computer that was asleep, or whose clock was wrong, serves no certificate
 * that clients refuse where there is another way.
 */
export class Freshness {
  readonly #options: Required<FreshnessOptions>
  readonly #waiting = new Map<string, { done: Promise<void>; resolve: () => void }>()
  readonly #askedAt = new Map<string, number>()

  constructor({ ask, patienceMs = 4_000, againMs = 30_000 }: FreshnessOptions) {
    this.#options = { ask, patienceMs, againMs }
  }

  /** Resolves when there may be another certificate for `domain`; null where nothing is to be waited for. */
  awaited(id: string, { fresh }: ServingCertificate, domain: string): Promise<void> | null {
    if (fresh === undefined || isWithin(fresh, Date.now())) return null
    const waiting = this.#waiting.get(id)
    if (waiting) return waiting.done
    const now = performance.now()
    if (now - (this.#askedAt.get(id) ?? -Infinity) < this.#options.againMs) return null
    this.#askedAt.set(id, now)
    const { promise, resolve } = Promise.withResolvers<void>()
    const finish = () => {
      clearTimeout(timer)
      this.#waiting.delete(id)
      resolve()
    }
    const timer = setTimeout(finish, this.#options.patienceMs)
    this.#waiting.set(id, { done: promise, resolve: finish })
    this.#options.ask(domain)
    return promise
  }

  /** What is served has changed; those whose certificate is no longer among it go on. */
  takenUp(isServed: (id: string) => boolean): void {
    for (const [id, { resolve }] of this.#waiting) if (!isServed(id)) resolve()
    for (const id of this.#askedAt.keys()) if (!isServed(id)) this.#askedAt.delete(id)
  }
}

function isWithin({ from, until }: { from: number; until: number }, at: number): boolean {
  return from <= at && at < until
}
