import { type InputFile, type Intake, openIntake } from './intake.ts'
import { type KeyWorkOptions, withKeyWork } from '../formats/key-work.ts'

/**
 * Reads files and opens pieces with `passphrase`, with long derivations off this thread.
 * @throws the signal's reason
 */
export function readIntake(
  files: InputFile[],
  { passphrase, ...work }: KeyWorkOptions & { passphrase?: string },
): Promise<Intake> {
  return withKeyWork(
    work,
    (budget) => openIntake(files, { passphrase, budget }),
    (intake) => intake[Symbol.dispose](),
  )
}

/** Opens one piece the same way. @throws EdgekeepError as `Intake.unlock`, the signal's reason */
export function unlockIntake(
  intake: Intake,
  pieceId: string,
  passphrase: string,
  work: KeyWorkOptions = {},
): Promise<void> {
  return withKeyWork(work, (budget) => intake.unlock(pieceId, passphrase, budget))
}

/** Tries the passphrase on every locked piece the same way. @throws the signal's reason */
export function unlockAllOf(intake: Intake, passphrase: string, work: KeyWorkOptions = {}): Promise<void> {
  return withKeyWork(work, (budget) => intake.unlockAll(passphrase, budget))
}
