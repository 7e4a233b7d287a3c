import type { LiveEvent } from '../../contract/shared/live-event.ts'

export interface Topic<E> {
  publish(event: E): void
  /** Calls `deliver` with each event, inside `publish`. */
  follow(deliver: (event: E) => void): void
  /** Whether an event would be delivered to anybody. */
  isFollowed(): boolean
  /** Events until `signal` aborts or the consumer stops. */
  subscribe(signal?: AbortSignal): AsyncGenerator<E>
}

/** Limit of a slow subscriber's queue; beyond it the stream ends, and a new subscription gets a snapshot. */
const queueLimit = 10_000

export function createTopic<E>(): Topic<E> {
  const subscribers = new Set<(event: E) => void>()
  return {
    publish(event) {
      for (const deliver of subscribers) deliver(event)
    },
    follow: (deliver) => void subscribers.add(deliver),
    isFollowed: () => subscribers.size > 0,
    subscribe(signal) {
      // Subscribes at the call, not at the first pull, so that no change in between is missed.
      const queue: E[] = []
      let wake = Promise.withResolvers<void>()
      let ended = false
      const deliver = (event: E) => {
        queue.push(event)
        if (queue.length > queueLimit) ended = true
        wake.resolve()
      }
      const end = () => {
        ended = true
        wake.resolve()
      }
      subscribers.add(deliver)
      signal?.addEventListener('abort', end, { once: true })
      return (async function* () {
        try {
          while (!ended) {
            for (let event = queue.shift(); event !== undefined && !ended; event = queue.shift()) yield event
            if (ended) return
            await wake.promise
            wake = Promise.withResolvers<void>()
          }
        } finally {
          subscribers.delete(deliver)
          signal?.removeEventListener('abort', end)
        }
      })()
    },
  }
}

/** A window shows the first part, which fills its screen, while the others are still read, sent and decoded. */
const firstPartSize = 100
const partSize = 500

/** Yields the snapshot of `read`, which may be lazy, then the events of `topic`. */
export function liveQuery<T>(
  read: () => Iterable<T>,
  topic: Topic<LiveEvent<T>>,
  signal?: AbortSignal,
): AsyncGenerator<LiveEvent<T>> {
  const changes = topic.subscribe(signal)
  const items = Iterator.from(read())
  return (async function* () {
    try {
      let [type, size]: ['snapshot' | 'more', number] = ['snapshot', firstPartSize]
      for (let next = items.next(), complete = false; !complete; [type, size] = ['more', partSize]) {
        const part: T[] = []
        for (; !next.done && part.length < size; next = items.next()) part.push(next.value)
        complete = next.done === true
        yield { type, items: part, complete }
      }
      yield* changes
    } finally {
      await changes.return(undefined)
    }
  })()
}

/** Publishes the views of changed rows, in parts; a key without a view is that of a removed row. */
export function publishRows<T>(
  topic: Topic<LiveEvent<T>>,
  keys: Iterable<string>,
  view: (key: string) => T | undefined,
): void {
  if (!topic.isFollowed()) return
  const removed: string[] = []
  let items: T[] = []
  for (const key of keys) {
    const item = view(key)
    if (item === undefined) removed.push(key)
    else items.push(item)
    if (items.length < partSize) continue
    topic.publish({ type: 'changed', items })
    items = []
  }
  if (items.length > 0) topic.publish({ type: 'changed', items })
  if (removed.length > 0) topic.publish({ type: 'removed', keys: removed })
}

/**
 * Runs `follow`, then `changed`, also after an error: a subscriber of the setting may have read the state
 * before `follow` updated it.
 */
export function publishingAfter(follow: () => Promise<void>, changed: () => void): () => Promise<void> {
  return async () => {
    try {
      await follow()
    } finally {
      changed()
    }
  }
}
