/** Fixed-size ring buffer with sequence numbers, oldest first. */
export class Ring<T> {
  readonly #capacity: number
  #slots: (T | undefined)[] = []
  #next = 1
  /** First number since the last `clear`. */
  #since = 1

  constructor(capacity: number) {
    this.#capacity = capacity
  }

  get nextNumber(): number {
    return this.#next
  }

  /** Number of the oldest item, or of the next one if the ring is empty. */
  get firstNumber(): number {
    return Math.max(this.#since, this.#next - this.#capacity)
  }

  /** Returns its number: 1, 2, 3, …, continuing after `clear`. */
  add(item: T): number {
    const number = this.#next
    this.#next += 1
    this.#slots[number % this.#capacity] = item
    return number
  }

  get(number: number): T | undefined {
    const isThere = number >= this.firstNumber && number < this.#next
    return isThere ? this.#slots[number % this.#capacity] : undefined
  }

  *entries(from = 1): Generator<[number, T]> {
    for (let number = Math.max(from, this.firstNumber); number < this.#next; number += 1) {
      const item = this.get(number)
      if (item !== undefined) yield [number, item]
    }
  }

  clear(): void {
    this.#since = this.#next
    this.#slots = []
  }
}
