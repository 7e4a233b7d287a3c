import { EdgekeepError } from '../contract/errors/registry.ts'

/**
 * Result of a call that reports its progress first.
 * @throws `engine.unreachable` if the call ends before its result
 */
export async function doneOf<Event extends { type: string }>(
  events: AsyncIterable<Event> | Promise<AsyncIterable<Event>>,
  onProgress?: (event: Exclude<Event, { type: 'done' }>) => void,
): Promise<Extract<Event, { type: 'done' }>> {
  for await (const event of await events) {
    if (isDone(event)) return event
    onProgress?.(event as Exclude<Event, { type: 'done' }>)
  }
  throw new EdgekeepError('engine.unreachable', { reason: 'the call ended before its result' })
}

function isDone<Event extends { type: string }>(event: Event): event is Extract<Event, { type: 'done' }> {
  return event.type === 'done'
}
