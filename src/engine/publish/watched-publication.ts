import type { PublishEvent } from '../../contract/targets/targets.ts'
import { createTopic } from '../core/live.ts'
import type { PublishNeeds } from './needs.ts'
import { publish, type Wanted } from './publish.ts'

/**
 * Events of a publication. It goes on when nobody reads them any more: a server must not be left between two releases.
 * @throws as `publish`
 */
export async function* watchedPublication(parts: PublishNeeds, wanted: Wanted): AsyncGenerator<PublishEvent> {
  const topic = createTopic<PublishEvent>()
  const end = new AbortController()
  const events = topic.subscribe(end.signal)
  const publication = publish(parts, wanted, topic.publish)
  publication.then(
    (servers) => topic.publish({ type: 'done', servers }),
    () => end.abort(),
  )
  for await (const event of events) {
    yield event
    if (event.type === 'done') return
  }
  await publication
}
