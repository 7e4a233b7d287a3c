import { eventIterator } from '@orpc/contract'
import { z } from 'zod'

/**
 * Event of a live query: the whole list once, in parts where it is long, then changes. `complete` is true for the
 * last part.
 */
export type LiveEvent<T> =
  | { type: 'snapshot' | 'more'; items: T[]; complete: boolean }
  | { type: 'changed'; items: T[] }
  | { type: 'removed'; keys: string[] }

/** Live query: the whole list first, then its changes. */
export function liveOf<S extends z.ZodType>(item: S) {
  return eventIterator(
    z.discriminatedUnion('type', [
      z.object({ type: z.enum(['snapshot', 'more']), items: z.array(item), complete: z.boolean() }),
      z.object({ type: z.literal('changed'), items: z.array(item) }),
      z.object({ type: z.literal('removed'), keys: z.array(z.string()) }),
    ]),
  )
}
