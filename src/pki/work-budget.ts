import { rc2 } from './formats/forge-rc2.ts'
import { costInScript, costOf, type Derivation, deriveNow } from './formats/key-derivation.ts'
import { limits } from './limits.ts'

/** Thrown for a cost above that of any real file; the caller adds the place. */
export class TooCostly extends Error {
  override name = 'TooCostly'
}

/** Thrown if work has to run off this thread first; the caller then retries (`KeyWork`). */
export class NotYet extends Error {
  override name = 'NotYet'
}

/**
 * Limit for key derivation in one call, in rounds of HMAC-SHA-256, over all pieces: an archive may have a
 * thousand entries, each with its own derivation.
 */
export interface WorkBudget {
  /**
   * Derived keys. The caller zeroes each.
   * @throws TooCostly, NotYet
   */
  derive(...derivations: Derivation[]): Buffer[]
  /** Charges work in JavaScript, as `count` hashes of `bytesEach` bytes. @throws TooCostly */
  hash(count: number, bytesEach: number): void
  /** @throws TooCostly, NotYet */
  rc2(): NonNullable<ReturnType<typeof rc2>>
  plan(work: number): void
  /**
   * The budget of an attempt without a request, such as a test whether an archive opens without a passphrase.
   */
  trial(): WorkBudget
}

/** The length of input up to which a hash in JavaScript counts as one. */
const bytesOfAHash = 512

/** A budget for work on this thread, about a second. */
export function createWorkBudget(): WorkBudget {
  const spend = createAllowance(limits.derivationRounds, limits.derivationWork)
  let hashed = 0
  const budget: WorkBudget = {
    derive: (...derivations) =>
      derivations.map((derivation) => {
        spend(derivation)
        return deriveNow(derivation)
      }),
    hash(count, bytesEach) {
      const more = count * Math.ceil(bytesEach / bytesOfAHash)
      if ((hashed + more) * costInScript > limits.derivationWork)
        throw new TooCostly('its protection takes more work than the limit allows')
      hashed += more
    },
    rc2() {
      const decrypt = rc2()
      if (!decrypt) throw new TooCostly('it is under RC2, which is loaded when a passphrase is given')
      return decrypt
    },
    plan: () => undefined,
    trial: () => budget,
  }
  return budget
}

/** Charges each derivation to an allowance. @throws TooCostly */
export function createAllowance(mostRounds: number, most: number): (derivation: Derivation) => void {
  let left = most
  return (derivation) => {
    const { rounds, work } = costOf(derivation)
    if (!Number.isSafeInteger(rounds) || rounds < 1 || rounds > mostRounds)
      throw new TooCostly(`its key derivation takes ${rounds} rounds, and the limit is ${mostRounds}`)
    if (derivation.kind === 'scrypt') expectRunnable(derivation)
    if (!(work <= left)) throw new TooCostly('deriving its keys would take longer than the limit allows')
    left -= work
  }
}

/** RFC 7914, section 2: N is a power of two above 1; memory is 128 bytes times r times N, plus p times r. */
function expectRunnable({ cost, block, parallel }: Extract<Derivation, { kind: 'scrypt' }>): void {
  if (cost < 2 || !Number.isInteger(Math.log2(cost)))
    throw new TooCostly(`its key derivation, scrypt, has a cost of ${cost}, which is not a power of two`)
  const bytes = 128 * block * (cost + parallel + 2)
  if (bytes > limits.scryptBytes)
    throw new TooCostly(
      `its key derivation takes ${bytes} bytes of memory, and the limit is ${limits.scryptBytes}`,
    )
}
