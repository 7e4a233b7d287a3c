import { asEdgekeepError } from '../../client/client.ts'
import type { EdgekeepError } from '../../contract/errors/registry.ts'
import { showProgress } from './progress.ts'

/**
 * Reads the results of a call on many, with a line of progress for each. An error after the call has begun is
 * returned beside the results that came before: those are done.
 */
export async function streamedResults<T>(
  stream: AsyncIterable<T>,
  progressOf: (item: T, count: number) => string | null,
): Promise<{ items: T[]; error: EdgekeepError | null }> {
  const items: T[] = []
  try {
    for await (const item of stream) {
      items.push(item)
      const line = progressOf(item, items.length)
      if (line !== null) showProgress(line)
    }
    return { items, error: null }
  } catch (error) {
    return { items, error: asEdgekeepError(error) }
  } finally {
    showProgress('')
  }
}

/** Sentences about an early end; nothing if there was none. */
export function formatEarlyEnd(error: EdgekeepError | null): string[] {
  if (!error) return []
  return [`${error.message} What is above was done before; "edgekeep cert list" shows whether more was.`]
}
