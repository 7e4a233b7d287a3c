/** Throttled signal: wakes waiting readers at most once every `everyMs`. */
export class ThrottledSignal {
  readonly #everyMs: number
  #waiters = Promise.withResolvers<void>()
  #timer: NodeJS.Timeout | null = null

  constructor(everyMs: number) {
    this.#everyMs = everyMs
  }

  notify(): void {
    this.#timer ??= setTimeout(() => this.#notifyNow(), this.#everyMs).unref()
  }

  /** Resolves at the next signal, or when `signal` aborts. */
  async wait(signal?: AbortSignal): Promise<void> {
    if (signal?.aborted) return
    const aborted = Promise.withResolvers<void>()
    const onAbort = () => aborted.resolve()
    signal?.addEventListener('abort', onAbort, { once: true })
    await Promise.race([this.#waiters.promise, aborted.promise])
    signal?.removeEventListener('abort', onAbort)
  }

  close(): void {
    if (this.#timer) clearTimeout(this.#timer)
  }

  #notifyNow(): void {
    this.#timer = null
    const { resolve } = this.#waiters
    this.#waiters = Promise.withResolvers()
    resolve()
  }
}
