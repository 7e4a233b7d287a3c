/** What a subscriber of a live query gets: the whole list once, then each change. */
export type LiveEvent<T> =
  | { type: 'snapshot'; items: T[] }
  | { type: 'changed'; item: T }
  | { type: 'removed'; key: string }

export interface Topic<E> {
  publish(event: E): void
  /** Events from now on, until `signal` aborts or the consumer stops. */
  subscribe(signal?: AbortSignal): AsyncGenerator<E>
}

/** A slow subscriber is cut off here rather than let its queue grow; it subscribes again and gets a snapshot. */
const queueLimit = 10_000

export function createTopic<E>(): Topic<E> {
  const subscribers = new Set<(event: E) => void>()
  return {
    publish(event) {
      for (const deliver of subscribers) deliver(event)
    },
    subscribe(signal) {
      // Subscribed at the call, not at the first pull: no change between the two is missed.
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

/** The snapshot that `read` gives now, then what `topic` publishes. */
export function liveQuery<T>(
  read: () => T[],
  topic: Topic<LiveEvent<T>>,
  signal?: AbortSignal,
): AsyncGenerator<LiveEvent<T>> {
  const changes = topic.subscribe(signal)
  const items = read()
  return (async function* () {
    try {
      yield { type: 'snapshot', items } as const
      yield* changes
    } finally {
      await changes.return(undefined)
    }
  })()
}

/**
 * `follow`, and `changed` once it has ended, also with an error: who heard of the setting that it follows may have
 * read the state before there was anything to see.
 */
export function tellingAfter(follow: () => Promise<void>, changed: () => void): () => Promise<void> {
  return async () => {
    try {
      await follow()
    } finally {
      changed()
    }
  }
}
