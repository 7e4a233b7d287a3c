import { eventIterator } from '@orpc/contract'
import { z } from 'zod'

/**
 * Event of a live query: the whole list once, in parts where it is long, then changes. `complete` is true for the
 * last part. `Shared` is what items of an event share.
 */
export type LiveEvent<T, Shared = unknown> =
  | ({ type: 'snapshot' | 'more'; items: T[]; complete: boolean } & Shared)
  | ({ type: 'changed'; items: T[] } & Shared)
  | { type: 'removed'; keys: string[] }

/** Live query: the whole list first, then its changes. */
export function liveOf<S extends z.ZodType, Shared extends z.ZodRawShape = Record<never, never>>(
  item: S,
  shared = {} as Shared,
) {
  return eventIterator(
    z.discriminatedUnion('type', [
      z.object({
        type: z.enum(['snapshot', 'more']),
        items: z.array(item),
        complete: z.boolean(),
        ...shared,
      }),
      z.object({ type: z.literal('changed'), items: z.array(item), ...shared }),
      z.object({ type: z.literal('removed'), keys: z.array(z.string()) }),
    ]),
  )
}
