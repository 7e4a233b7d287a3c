import { isUnder } from '../../../domain/authority-scope.ts'

const timeoutMs = 2_000
/** Limit of the engine too: beyond it a handshake is refused at once. */
const mostPerMinute = 6
const minuteMs = 60_000

/** Names of no domain: a handshake waits a moment for a page of the engine, where it may have one. */
export class UnknownNames {
  readonly #ask: (name: string) => void
  readonly #waiting = new Map<string, { done: Promise<void>; resolve: () => void }>()
  #suffixes: readonly string[] = []
  #askedAt: number[] = []

  constructor(ask: (name: string) => void) {
    this.#ask = ask
  }

  take(suffixes: readonly string[]): void {
    this.#suffixes = suffixes
  }

  /** Resolves when `name` may have a page; null if there is nothing to wait for. */
  awaited(name: string): Promise<void> | null {
    if (!this.#suffixes.some((suffix) => name !== suffix && isUnder(name, suffix))) return null
    const waiting = this.#waiting.get(name)
    if (waiting) return waiting.done
    const now = performance.now()
    this.#askedAt = this.#askedAt.filter((at) => now - at < minuteMs)
    if (this.#askedAt.length >= mostPerMinute) return null
    this.#askedAt.push(now)
    const { promise, resolve } = Promise.withResolvers<void>()
    const finish = () => {
      clearTimeout(timer)
      this.#waiting.delete(name)
      resolve()
    }
    const timer = setTimeout(finish, timeoutMs)
    this.#waiting.set(name, { done: promise, resolve: finish })
    this.#ask(name)
    return promise
  }

  applied(isServed: (name: string) => boolean): void {
    for (const [name, { resolve }] of this.#waiting) if (isServed(name)) resolve()
  }
}
