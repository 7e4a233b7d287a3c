import { availableParallelism } from 'node:os'

/** Number of workers, or `auto`: one at rest, more while traffic keeps them busy. */
export type Workers = number | 'auto'

/** More than four would wait for the engine and the origins. */
const mostOnTheirOwn = 4
/** CPU share above which a worker's clients begin to queue. */
const busyShare = 0.8
const restShare = 0.3
const secondsUntilMore = 3
const restSecondsByDefault = 60

export function mostWorkers(workers: Workers, processors = availableParallelism()): number {
  return workers === 'auto' ? Math.min(processors, mostOnTheirOwn) : workers
}

export class WorkerCount {
  readonly #most: number
  readonly #restSeconds: number
  #busySeconds = 0
  #quietSeconds = 0

  /** `restSeconds`: idle time before a worker is ended. */
  constructor(most: number, restSeconds = restSecondsByDefault) {
    this.#most = most
    this.#restSeconds = restSeconds
  }

  /**
   * Takes how busy each worker was in the last `seconds`, 0 to 1. Adds one worker after three busy seconds in a
   * row, and ends one after a minute (`restSeconds`) in which the others could have done its work at rest.
   */
  next(busy: readonly number[], seconds = 1): 'more' | 'fewer' | 'same' {
    const total = busy.reduce((sum, each) => sum + each, 0)
    this.#busySeconds = total >= busyShare * busy.length ? this.#busySeconds + seconds : 0
    this.#quietSeconds = total <= restShare * (busy.length - 1) ? this.#quietSeconds + seconds : 0
    if (this.#busySeconds >= secondsUntilMore && busy.length < this.#most) return this.#decided('more')
    if (this.#quietSeconds >= this.#restSeconds && busy.length > 1) return this.#decided('fewer')
    return 'same'
  }

  #decided(change: 'more' | 'fewer'): 'more' | 'fewer' {
    this.#busySeconds = 0
    this.#quietSeconds = 0
    return change
  }
}
