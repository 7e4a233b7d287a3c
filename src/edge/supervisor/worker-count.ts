import { availableParallelism } from 'node:os'

/** How many workers there are to be: a number, or `auto`, one at rest and more while traffic keeps them busy. */
export type Workers = number | 'auto'

/** More than four would wait for the engine and the origins. */
const mostOnTheirOwn = 4
/** From this share of a processor on, a worker's clients begin to wait for each other. */
const busyShare = 0.8
const restShare = 0.3
const secondsUntilMore = 3
const restSecondsByDefault = 60

export function mostWorkers(workers: Workers, processors = availableParallelism()): number {
  return workers === 'auto' ? Math.min(processors, mostOnTheirOwn) : workers
}

/** Decides from one second to the next whether a worker is to be added or ended. */
export class WorkerCount {
  readonly #most: number
  readonly #restSeconds: number
  #busySeconds = 0
  #quietSeconds = 0

  /** `restSeconds`: how long there must be little to do before one is ended. */
  constructor(most: number, restSeconds = restSecondsByDefault) {
    this.#most = most
    this.#restSeconds = restSeconds
  }

  /**
   * To be called once a second with how busy each worker was, 0 to 1. One worker is added after three busy
   * seconds in a row, and one ended after a minute (`restSeconds`) in which the others could have done its work at rest.
   */
  next(busy: readonly number[]): 'more' | 'fewer' | 'same' {
    const total = busy.reduce((sum, each) => sum + each, 0)
    this.#busySeconds = total >= busyShare * busy.length ? this.#busySeconds + 1 : 0
    this.#quietSeconds = total <= restShare * (busy.length - 1) ? this.#quietSeconds + 1 : 0
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
