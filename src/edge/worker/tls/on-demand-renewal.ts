import type { ServingCertificate } from '../../protocol/snapshot.ts'

export interface OnDemandRenewalOptions {
  ask: (domain: string) => void
  timeoutMs?: number
  againMs?: number
}

/**
 * On-demand renewal: a handshake whose certificate is in its last hours, expired or not valid yet waits a
 * moment for a new one if the engine can issue it at once. Thus a computer that was asleep, or whose clock
 * was wrong, serves no certificate that clients reject if there is another way.
 */
export class OnDemandRenewal {
  readonly #options: Required<OnDemandRenewalOptions>
  readonly #waiting = new Map<string, { done: Promise<void>; resolve: () => void }>()
  readonly #askedAt = new Map<string, number>()

  constructor({ ask, timeoutMs = 4_000, againMs = 30_000 }: OnDemandRenewalOptions) {
    this.#options = { ask, timeoutMs, againMs }
  }

  /** Resolves when `domain` may have another certificate; null if there is nothing to wait for. */
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
    const timer = setTimeout(finish, this.#options.timeoutMs)
    this.#waiting.set(id, { done: promise, resolve: finish })
    this.#options.ask(domain)
    return promise
  }

  applied(isServed: (id: string) => boolean): void {
    for (const [id, { resolve }] of this.#waiting) if (!isServed(id)) resolve()
    for (const id of this.#askedAt.keys()) if (!isServed(id)) this.#askedAt.delete(id)
  }
}

function isWithin({ from, until }: { from: number; until: number }, at: number): boolean {
  return from <= at && at < until
}
