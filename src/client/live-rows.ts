import type { LiveEvent } from '../contract/shared/live-event.ts'

/**
 * Applies `event` to the rows of a live query by key: a new row goes to the end, the others keep their place.
 * Returns whether the list is whole.
 */
export function applyLiveEvent<T>(
  rows: Map<string, T>,
  event: LiveEvent<T>,
  keyOf: (item: T) => string,
): boolean {
  if (event.type === 'removed') {
    for (const key of event.keys) rows.delete(key)
    return true
  }
  if (event.type === 'snapshot') rows.clear()
  for (const item of event.items) rows.set(keyOf(item), item)
  return !('complete' in event) || event.complete
}
