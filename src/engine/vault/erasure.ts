import { EdgekeepError } from '../../contract/errors.ts'
import type { VaultDatabase } from './database.ts'
import { removeCopies } from './migrations/copy.ts'
import { asVaultFailure } from './failures.ts'

const stillThere = 'another program reads its database, so what was erased is still in the log of that'

/** So that many deletions in a row are followed by one rebuild. */
const rebuildAfterMs = 1_000
/** A rebuild takes some 6 ms a megabyte, in which nothing else is done; a larger vault is rebuilt when it closes. */
const mostToRebuildBytes = 8 * 1024 * 1024

/**
 * Makes what was deleted unreadable in the files. secure_delete zeroes the deleted bytes in the
 * new version of a page, but the page's old version stays in the database until a checkpoint
 * replaces it, and in the WAL until that is cut off. And where SQLite has moved rows between pages before,
 * a piece of one may lie in the free part of a page, which only a rebuild of the database clears (about one
 * removal in four thousand): that follows a second after the last deletion.
 */
export interface Erasure {
  /**
   * To be called when a key was deleted. Copies made before a migration are removed at once, since they
   * hold the key too. The files are scrubbed now, or after the commit where a change is open.
   */
  keyDeleted(): void
  /** Scrubs if that is due and no transaction is open; a failure leaves it due. */
  scrubWhenDue(): void
  /**
   * Rebuilds and scrubs.
   * @throws `home.unusable` while another program reads the database; the next change tries again
   */
  scrub(): void
  /** To be called before the database is closed: a rebuild that is due is done now. */
  close(): void
}

export function erasureOf({ sqlite }: VaultDatabase, folder: string): Erasure {
  // The last engine may have been killed between a deletion and its scrubbing.
  let isDue = true
  let mayHoldRemnants = false
  let timer: NodeJS.Timeout | null = null

  function scrub(): void {
    if (mayHoldRemnants) sqlite.exec('VACUUM')
    mayHoldRemnants = false
    cutLog()
  }

  function cutLog(): void {
    const [outcome] = sqlite.pragma('wal_checkpoint(TRUNCATE)') as { busy: number }[]
    if (outcome?.busy !== 0) throw new EdgekeepError('home.unusable', { reason: stillThere })
    isDue = false
  }

  function scrubWhenDue(): void {
    if (isDue && !sqlite.inTransaction) attempt(cutLog)
  }

  /** A change is committed: a full disk or another reader must not make it look failed. */
  function attempt(act: () => void): void {
    try {
      act()
    } catch (error) {
      // It stays due: the next change, closing and opening the vault try again.
      if (!(asVaultFailure(error) instanceof EdgekeepError)) throw error
    }
  }

  function rebuildLater(): void {
    if (timer) clearTimeout(timer)
    timer = setTimeout(() => {
      if (sizeOf(sqlite) <= mostToRebuildBytes) attempt(scrub)
    }, rebuildAfterMs).unref()
  }

  function keyDeleted(): void {
    removeCopiesOf(folder)
    isDue = true
    mayHoldRemnants = true
    scrubWhenDue()
    rebuildLater()
  }

  function close(): void {
    if (timer) clearTimeout(timer)
    timer = null
    if (mayHoldRemnants) attempt(scrub)
  }

  return { keyDeleted, scrubWhenDue, scrub, close }
}

function sizeOf(sqlite: VaultDatabase['sqlite']): number {
  const pages = sqlite.pragma('page_count', { simple: true }) as number
  return pages * (sqlite.pragma('page_size', { simple: true }) as number)
}

function removeCopiesOf(folder: string): void {
  try {
    removeCopies(folder)
  } catch (error) {
    throw asVaultFailure(error)
  }
}
