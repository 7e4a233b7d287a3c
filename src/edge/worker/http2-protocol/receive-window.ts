/**
 * Window of one stream or connection for what the peer sends (RFC 9113, section 5.2). It is announced anew
 * when half of it has been used up, and doubles then if its receiver was never waited for.
 */
export class ReceiveWindow {
  #left: number
  #target: number
  readonly #most: number
  /** Consumed bytes that have not been announced. */
  #consumed = 0

  constructor(size: number, most: number) {
    this.#left = size
    this.#target = size
    this.#most = most
  }

  /** Counts received bytes. False: the peer has exceeded the window. */
  receive(bytes: number): boolean {
    this.#left -= bytes
    return this.#left >= 0
  }

  /** Counts bytes that have been passed on. Returns the increment to announce; 0 for none yet. */
  consume(bytes: number, mayGrow: boolean): number {
    this.#consumed += bytes
    if (2 * this.#consumed < this.#target) return 0
    const target = mayGrow ? Math.min(2 * this.#target, this.#most) : this.#target
    const increment = this.#consumed + target - this.#target
    this.#target = target
    this.#left += increment
    this.#consumed = 0
    return increment
  }
}
