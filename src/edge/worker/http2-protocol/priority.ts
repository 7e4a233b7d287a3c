/** Urgency from 0 (first) to 7, and whether a response is useful in parts (RFC 9218, section 4). */
export interface Priority {
  urgency: number
  isIncremental: boolean
}

const levels = 8

/**
 * Priority of a stream whose client has stated none. RFC 9218 has its responses one after the other; such
 * clients expect them side by side, as RFC 9113 had it.
 */
export const unstatedPriority: Priority = { urgency: 3, isIncremental: true }

/** Reads a Priority field (RFC 9218, section 5). Members that are malformed or unknown are ignored. */
export function readPriority(field: string): Priority {
  const priority: Priority = { urgency: 3, isIncremental: false }
  for (const member of field.split(',', mostMembers)) {
    const [item = ''] = member.trim().split(';', 1)
    if (item === 'i' || item === 'i=?1') priority.isIncremental = true
    else if (item === 'i=?0') priority.isIncremental = false
    else if (/^u=[0-7]$/.test(item)) priority.urgency = Number(item[2])
  }
  return priority
}

const mostMembers = 16

export interface Scheduled {
  priority: Priority
  isScheduled: boolean
}

/** Streams with something to send, in the order in which they are served. */
export class Schedule<Stream extends Scheduled> {
  readonly #waiting: Stream[][] = Array.from({ length: levels }, () => [])
  #count = 0

  get isEmpty(): boolean {
    return this.#count === 0
  }

  add(stream: Stream): void {
    if (stream.isScheduled) return
    stream.isScheduled = true
    this.#count += 1
    this.#waiting[stream.priority.urgency]!.push(stream)
  }

  first(): Stream | undefined {
    if (this.#count === 0) return undefined
    return this.#waiting.find((level) => level.length > 0)?.[0]
  }

  remove(stream: Stream): void {
    if (!stream.isScheduled) return
    const level = this.#waiting[stream.priority.urgency]!
    level.splice(level.indexOf(stream), 1)
    stream.isScheduled = false
    this.#count -= 1
  }

  /** Ends the turn of a stream that takes turns with the others of its urgency. */
  rotate(stream: Stream): void {
    const level = this.#waiting[stream.priority.urgency]!
    if (!stream.priority.isIncremental || level.length === 1) return
    level.splice(level.indexOf(stream), 1)
    level.push(stream)
  }

  /** Changes the priority of a stream in place. */
  reprioritise(stream: Stream, priority: Priority): void {
    const isScheduled = stream.isScheduled
    this.remove(stream)
    stream.priority = priority
    if (isScheduled) this.add(stream)
  }
}
