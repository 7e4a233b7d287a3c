/** How many questions are answered in a second: of one source, and of all. */
export interface Bounds {
  eachPerSecond: number
  allPerSecond: number
}

/**
 * A page takes some names, and a resolver asks each question from a port of its own. An answer takes some 30
 * microseconds of processor time with its way through the system, so that all of them take a third of one core at most.
 */
const bounds: Bounds = { eachPerSecond: 100, allPerSecond: 10_000 }
const ports = 65_536

export interface QuestionShares {
  /** Whether the next question from this port is answered. */
  take(port: number): boolean
}

/**
 * Who asks on the loopback cannot be told: any address of it and any free port is anybody's, and the owner of a
 * port stands in a list of the system that takes longer to read than an answer. So no share is safe; these are for
 * what happens. A program that floods from some sockets has the shares of their ports and no more, and a resolver's
 * next question comes from another. Where many ports flood, which of them are answered is left to chance, so that
 * no question of a second is worse off than another, and one that is asked again has its chance again.
 */
export function createQuestionShares(
  { eachPerSecond, allPerSecond }: Bounds = bounds,
  now = () => performance.now(),
  chance = Math.random,
): QuestionShares {
  const taken = new Uint32Array(ports)
  let second = 0
  let entitled = 0
  let answered = 0
  let share = 1

  function begin(next: number): void {
    // After a pause nothing is known of how many ask.
    share = next === second + 1 ? Math.min(1, allPerSecond / Math.max(1, entitled)) : 1
    second = next
    entitled = 0
    answered = 0
    taken.fill(0)
  }

  return {
    take(port) {
      const current = Math.floor(now() / 1000)
      if (current !== second) begin(current)
      const count = taken[port] ?? 0
      if (count >= eachPerSecond) return false
      taken[port] = count + 1
      entitled += 1
      if (answered >= allPerSecond || (share < 1 && chance() >= share)) return false
      answered += 1
      return true
    },
  }
}
