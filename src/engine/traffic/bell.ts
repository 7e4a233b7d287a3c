/** Throttled signal: wakes waiting readers at most once every `everyMs`. */
export class Bell {
  readonly #everyMs: number
  #rings = Promise.withResolvers<void>()
  #timer: NodeJS.Timeout | null = null

  constructor(everyMs: number) {
    this.#everyMs = everyMs
  }

  ring(): void {
    this.#timer ??= setTimeout(() => this.#ringNow(), this.#everyMs).unref()
  }

  /** Resolves at the next signal, or when `signal` aborts. */
  async wait(signal?: AbortSignal): Promise<void> {
    if (signal?.aborted) return
    const aborted = Promise.withResolvers<void>()
    const onAbort = () => aborted.resolve()
    signal?.addEventListener('abort', onAbort, { once: true })
    await Promise.race([this.#rings.promise, aborted.promise])
    signal?.removeEventListener('abort', onAbort)
  }

  close(): void {
    if (this.#timer) clearTimeout(this.#timer)
  }

  #ringNow(): void {
    this.#timer = null
    const { resolve } = this.#rings
    this.#rings = Promise.withResolvers()
    resolve()
  }
}
