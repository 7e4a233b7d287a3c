import { limits } from './limits.ts'

/** Thrown where opening something would cost more than any honest file does; the caller adds the place. */
export class TooCostly extends Error {
  override name = 'TooCostly'
}

/**
 * How much deriving of keys one call may do, in rounds of HMAC-SHA-256, over everything that it
 * opens: an archive may hold a thousand entries, each with its own derivation.
 */
export interface WorkBudget {
  /** @throws TooCostly when there is not that much left */
  spend(rounds: number, costOfRound: number): void
}

export function createWorkBudget(): WorkBudget {
  let left: number = limits.derivationWork
  return {
    spend(rounds, costOfRound) {
      if (!Number.isSafeInteger(rounds) || rounds < 1 || rounds > limits.derivationRounds) {
        throw new TooCostly(
          `its key derivation asks for ${rounds} rounds, and at most ${limits.derivationRounds} are run`,
        )
      }
      left -= rounds * costOfRound
      if (left < 0) throw new TooCostly('deriving its keys would take longer than is waited for')
    },
  }
}
