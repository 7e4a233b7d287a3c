/**
 * Yields the results of `act` in the order in which they come, with at most `most` running at a time. After an
 * abort or an error nothing new is started, and what runs is awaited.
 */
export async function* inParallel<T, R>(
  items: Iterable<T>,
  most: number,
  act: (item: T) => Promise<R>,
  signal?: AbortSignal,
): AsyncGenerator<R> {
  const waiting = [...items]
  const running = new Set<Promise<R>>()
  const started = (item: T) => {
    const one: Promise<R> = act(item)
    // The race reports a rejection; the other ones must not end the process meanwhile.
    one.catch(() => undefined)
    running.add(one)
  }
  try {
    for (;;) {
      while (running.size < most && waiting.length > 0 && !signal?.aborted) started(waiting.shift() as T)
      if (running.size === 0) return
      const [ended, result] = await Promise.race([...running].map(async (one) => [one, await one] as const))
      running.delete(ended)
      yield result
    }
  } finally {
    await Promise.allSettled(running)
  }
}

/**
 * Results of `act` in the order of `items`, with at most `most` running at a time; `ended` is called after each.
 * @throws the first error, also of `ended`, once what runs has ended
 */
export async function allInParallel<T, R>(
  items: readonly T[],
  most: number,
  act: (item: T) => Promise<R>,
  ended: (count: number) => void = () => undefined,
): Promise<R[]> {
  const results: R[] = []
  let count = 0
  for await (const [at, result] of inParallel(
    items.entries(),
    most,
    async ([at, item]) => [at, await act(item)] as const,
  )) {
    results[at] = result
    ended((count += 1))
  }
  return results
}
