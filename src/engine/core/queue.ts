export interface Queue<E> {
  put(item: E): void
  end(): void
  fail(error: unknown): void
  /** Yields the items until the end; for one reader. */
  all(): AsyncGenerator<E>
}

/** Unbounded queue from callbacks to one async generator. */
export function createQueue<E>(): Queue<E> {
  const items: E[] = []
  let ended: { error: unknown } | 'well' | null = null
  let wake = Promise.withResolvers<void>()
  const finish = (how: { error: unknown } | 'well') => {
    ended ??= how
    wake.resolve()
  }
  return {
    put(item) {
      items.push(item)
      wake.resolve()
    },
    end: () => finish('well'),
    fail: (error) => finish({ error }),
    async *all() {
      for (;;) {
        for (let item = items.shift(); item !== undefined; item = items.shift()) yield item
        if (ended === 'well') return
        if (ended) throw (ended as { error: unknown }).error
        await wake.promise
        wake = Promise.withResolvers<void>()
      }
    },
  }
}
