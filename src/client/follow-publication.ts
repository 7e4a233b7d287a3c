import { EdgekeepError } from '../contract/errors/registry.ts'
import type { PublishEvent, ServerReport } from '../contract/targets/targets.ts'

export type PublishProgress = Exclude<PublishEvent, { type: 'done' }>

/** Reports the progress of a publication. Resolves with the outcome at each server. */
export async function followPublication(
  events: AsyncIterable<PublishEvent>,
  report: (event: PublishProgress) => void = () => undefined,
): Promise<ServerReport[]> {
  for await (const event of events) {
    if (event.type === 'done') return event.servers
    report(event)
  }
  throw new EdgekeepError('engine.unreachable', { reason: 'the publication was not followed to its end' })
}
