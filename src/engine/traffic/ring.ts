/** The last so many of what came, each with a number of its own, oldest first. */
export class Ring<T> {
  readonly #capacity: number
  #slots: (T | undefined)[] = []
  #next = 1
  /** The first number that was given since the last `clear`. */
  #since = 1

  constructor(capacity: number) {
    this.#capacity = capacity
  }

  get nextNumber(): number {
    return this.#next
  }

  /** Of the oldest that is there, or of the next that comes. */
  get firstNumber(): number {
    return Math.max(this.#since, this.#next - this.#capacity)
  }

  /** Returns its number: 1, 2, 3, … also over `clear`. */
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

  /** What is there from a number on, with its number. */
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
