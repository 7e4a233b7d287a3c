import type { PublishEvent } from '../../contract/targets/targets.ts'
import { createTopic } from '../core/live.ts'
import { publish, type PublishCall } from './publish.ts'

/**
 * Events of a publication. It goes on when nobody reads them any more: a server must not be left between two releases.
 * @throws as `publish`
 */
export async function* watchedPublication(
  call: PublishCall,
  wanted: Parameters<typeof publish>[1],
): AsyncGenerator<PublishEvent> {
  const topic = createTopic<PublishEvent>()
  const end = new AbortController()
  const events = topic.subscribe(end.signal)
  const publication = publish(call, wanted, topic.publish)
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
