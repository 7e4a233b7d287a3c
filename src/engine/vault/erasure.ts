import { EdgekeepError } from '../../contract/errors.ts'
import type { VaultDatabase } from './database.ts'
import { removeCopies } from './migrations/copy.ts'
import { asVaultFailure } from './failures.ts'

const stillThere = 'another program reads its database, so what was erased is still in the log of that'

/**
 * Makes what was deleted unreadable in the files. secure_delete zeroes the deleted bytes in the
 * new version of a page, but the page's old version stays in the database until a checkpoint
 * replaces it, and in the WAL until that is cut off.
 */
export interface Erasure {
  /**
   * To be called when a key was deleted. Copies made before a migration are removed at once, since they
   * hold the key too. The files are scrubbed now, or after the commit where a change is open.
   */
  keyDeleted(): void
  /** Scrubs if that is due and no transaction is open; a failure leaves it due. */
  scrubWhenDue(): void
  /** Throws home.unusable while another program reads the database; the next change tries again. */
  scrub(): void
}

export function erasureOf({ sqlite }: VaultDatabase, folder: string): Erasure {
  // The last engine may have been killed between a deletion and its scrubbing.
  let isDue = true

  function scrub(): void {
    const [outcome] = sqlite.pragma('wal_checkpoint(TRUNCATE)') as { busy: number }[]
    if (outcome?.busy !== 0) throw new EdgekeepError('home.unusable', { reason: stillThere })
    isDue = false
  }

  function scrubWhenDue(): void {
    if (!isDue || sqlite.inTransaction) return
    try {
      scrub()
    } catch (error) {
      // The change is committed: a full disk or another reader must not make it look failed.
      // It stays due: the next change, closing and opening the vault try again.
      if (!(asVaultFailure(error) instanceof EdgekeepError)) throw error
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
