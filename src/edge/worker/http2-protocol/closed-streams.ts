import { bounds } from './bounds.ts'

/** `ours`: reset by this end, so that frames of the peer may still be under way (RFC 9113, section 5.1). */
export type Closing = 'ours' | 'theirs' | 'regular'

/** Streams that were closed last. */
export class ClosedStreams {
  readonly #ids: number[] = []
  readonly #closings: Closing[] = []
  #next = 0

  add(id: number, closing: Closing): void {
    this.#ids[this.#next] = id
    this.#closings[this.#next] = closing
    this.#next = (this.#next + 1) % bounds.closedStreams
  }

  find(id: number): Closing | undefined {
    return this.#closings[this.#ids.lastIndexOf(id)]
  }
}
