import { rc2 } from './formats/forge-rc2.ts'
import { costOf, type Derivation, deriveNow } from './formats/key-derivation.ts'
import { limits } from './limits.ts'

/** Thrown where opening something would cost more than any honest file does; the caller adds the place. */
export class TooCostly extends Error {
  override name = 'TooCostly'
}

/** Thrown where something is to be done first, off this thread, and then all of it again (`KeyWork`). */
export class NotYet extends Error {
  override name = 'NotYet'
}

/**
 * How much deriving of keys one call may do, in rounds of HMAC-SHA-256, over everything that it
 * opens: an archive may hold a thousand entries, each with its own derivation.
 */
export interface WorkBudget {
  /**
   * The keys of these derivations, each the caller's to zero.
   * @throws TooCostly, NotYet
   */
  derive(...derivations: Derivation[]): Buffer[]
  /** @throws TooCostly, NotYet */
  rc2(): NonNullable<ReturnType<typeof rc2>>
  /** That so much will be asked for, as far as can be seen now. */
  plan(work: number): void
  /** For an attempt that nobody asked for, such as whether an archive opens without a passphrase. */
  trial(): WorkBudget
}

/** A budget for this thread, which it may keep for about a second. */
export function createWorkBudget(): WorkBudget {
  const spend = createAllowance(limits.derivationRounds, limits.derivationWork)
  const budget: WorkBudget = {
    derive: (...derivations) =>
      derivations.map((derivation) => {
        spend(derivation)
        return deriveNow(derivation)
      }),
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

/** Takes the cost of each derivation off what is left. @throws TooCostly */
export function createAllowance(mostRounds: number, most: number): (derivation: Derivation) => void {
  let left = most
  return (derivation) => {
    const { rounds, work } = costOf(derivation)
    if (!Number.isSafeInteger(rounds) || rounds < 1 || rounds > mostRounds)
      throw new TooCostly(`its key derivation asks for ${rounds} rounds, and at most ${mostRounds} are run`)
    left -= work
    if (!(left >= 0)) throw new TooCostly('deriving its keys would take longer than is waited for')
  }
}
