/** Seeded random numbers, to repeat a run. */
export class Chance {
  #state: number

  constructor(seed: number) {
    this.#state = seed >>> 0
  }

  /** Integer from 0 to below `limit` (mulberry32). */
  below(limit: number): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), 1 | this.#state)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296) * limit)
  }

  of<T>(choices: readonly T[]): T {
    return choices[this.below(choices.length)]!
  }

  some<T>(choices: readonly T[], most: number): T[] {
    return Array.from({ length: this.below(most + 1) }, () => this.of(choices))
  }

  /** Damages bytes now and then: changed, cut or doubled in a few places. */
  damaged(bytes: Buffer): Buffer {
    let damaged = bytes
    for (let times = this.below(4); times > 0 && damaged.length > 0; times -= 1) {
      const at = this.below(damaged.length)
      const [before, after] = [damaged.subarray(0, at), damaged.subarray(at)]
      const other = Buffer.from([this.below(256)])
      damaged = this.of([
        () => Buffer.concat([before, other, after.subarray(1)]),
        () => Buffer.concat([before, after.subarray(this.below(8))]),
        () => Buffer.concat([before, other, after]),
        () => Buffer.concat([before, after.subarray(0, this.below(32)), after]),
      ])()
    }
    return damaged
  }
}
