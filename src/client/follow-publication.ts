import type { PublishEvent, ServerReport } from '../contract/targets/targets.ts'
import { doneOf } from './done-of.ts'

export type PublishProgress = Exclude<PublishEvent, { type: 'done' }>

/** Reports the progress of a publication. Resolves with the outcome at each server. @throws as `doneOf` */
export async function followPublication(
  events: AsyncIterable<PublishEvent>,
  report?: (event: PublishProgress) => void,
): Promise<ServerReport[]> {
  return (await doneOf(events, report)).servers
}
