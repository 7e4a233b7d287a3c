import type { VaultDatabase } from './database.ts'
import { removeCopies } from './migrations/copy.ts'
import { asVaultFailure } from './failures.ts'

/**
 * Makes what was deleted unreadable in the files. secure_delete zeroes the deleted bytes in the
 * new version of a page, but the page's old version stays in the database until a checkpoint
 * replaces it, and in the WAL until that is cut off.
 */
export interface Erasure {
  /**
   * A key was deleted. The copies made before a migration go at once, since they hold it too;
   * the files are scrubbed now or, inside a change, when that is committed.
   */
  keyDeleted(): void
  /** Scrubs if that is due and no transaction is open; what fails stays due. */
  scrubWhenDue(): void
  scrub(): void
}

export function erasureOf({ sqlite }: VaultDatabase, folder: string): Erasure {
  // The last engine may have been killed between a deletion and its scrubbing.
  let isDue = true

  function scrub(): void {
    const [outcome] = sqlite.pragma('wal_checkpoint(TRUNCATE)') as { busy: number }[]
    if (outcome?.busy !== 0) throw new Error('The write-ahead log is in use and could not be cut off.')
    isDue = false
  }

  function scrubWhenDue(): void {
    if (!isDue || sqlite.inTransaction) return
    try {
      scrub()
    } catch (error) {
      // The change is committed and must not be reported as failed for a full disk. It stays
      // due: the next change, closing and opening the vault try again.
      if (asVaultFailure(error) === error) throw error
    }
  }

  function keyDeleted(): void {
    removeCopiesOf(folder)
    isDue = true
    scrubWhenDue()
  }

  return { keyDeleted, scrubWhenDue, scrub }
}

function removeCopiesOf(folder: string): void {
  try {
    removeCopies(folder)
  } catch (error) {
    throw asVaultFailure(error)
  }
}
