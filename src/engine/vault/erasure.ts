import { EdgekeepError } from '../../contract/errors/registry.ts'
import { isErasureDue, noteErasure, strikeErasure, type CleanUp } from './clean-up.ts'
import type { VaultDatabase } from './database.ts'
import { removeCopies } from './migrations/copy.ts'
import { syncFolder } from './private-files.ts'

const stillThere = 'another program reads its database, so what was erased is still in the log of that'

/** Debounce of the rebuild after deletions. */
const rebuildAfterMs = 1_000
/** A rebuild blocks for some 6 ms per megabyte; a larger vault is rebuilt when it closes. */
const mostToRebuildBytes = 8 * 1024 * 1024

export type Erasure = ReturnType<typeof erasureOf>

/**
 * Makes deleted data unreadable in the files. secure_delete zeroes the deleted bytes in the new version of a
 * page, but the old version stays in the database until a checkpoint replaces it, and in the WAL until its
 * truncation. And where SQLite has moved rows between pages before, a fragment may remain in the free part of
 * a page, which only a rebuild of the database clears (about one removal in four thousand): that follows a
 * second after the last deletion. Copies made before a migration have the key too, and are removed.
 */
export function erasureOf(database: VaultDatabase, folder: string, cleanUp: CleanUp) {
  const { sqlite } = database
  // True, because the last engine may have been killed between a deletion and its scrubbing.
  let isLogDue = true
  let areCopiesDue = isErasureDue(database)
  let isRebuildDue = areCopiesDue
  let timer: NodeJS.Timeout | undefined
  if (isRebuildDue) rebuildLater()

  /**
   * Rebuilds and scrubs.
   * @throws `home.unusable` while another program reads the database; the next change retries
   */
  function scrub(): void {
    if (isRebuildDue) sqlite.exec('VACUUM')
    isRebuildDue = false
    if (!areCopiesDue && isErasureDue(database)) strikeErasure(database)
    cutLog()
  }

  function cutLog(): void {
    const [outcome] = sqlite.pragma('wal_checkpoint(TRUNCATE)') as { busy: number }[]
    if (outcome?.busy !== 0) throw new EdgekeepError('home.unusable', { reason: stillThere })
    isLogDue = false
  }

  /** Cleans the files if due and outside a transaction. Never throws; a failed step stays due. */
  function cleanWhenDue(): void {
    if (sqlite.inTransaction) return
    if (areCopiesDue) areCopiesDue = !removeOldCopies(folder, cleanUp)
    if (isLogDue) cleanUp.attempt('log', cutLog)
  }

  function rebuildLater(): void {
    clearTimeout(timer)
    timer = setTimeout(() => {
      if (sizeOf(sqlite) <= mostToRebuildBytes) cleanUp.attempt('log', scrub)
    }, rebuildAfterMs).unref()
  }

  /** Records the deletion of a key, in its transaction. */
  function keyDeleted(): void {
    noteErasure(database)
    areCopiesDue = true
    isLogDue = true
    isRebuildDue = true
    cleanWhenDue()
    rebuildLater()
  }

  /** Runs a due rebuild; to be called before the database is closed. */
  function close(): void {
    clearTimeout(timer)
    if (isRebuildDue) cleanUp.attempt('log', scrub)
  }

  return { keyDeleted, cleanWhenDue, scrub, close }
}

/** Removes old copies once the folder is on disk, so that no power cut restores their originals. */
export function removeOldCopies(folder: string, cleanUp: CleanUp): boolean {
  return (
    cleanUp.attempt('folder', () => syncFolder(folder)) &&
    cleanUp.attempt('copies', () => removeCopies(folder))
  )
}

function sizeOf(sqlite: VaultDatabase['sqlite']): number {
  const pages = sqlite.pragma('page_count', { simple: true }) as number
  return pages * (sqlite.pragma('page_size', { simple: true }) as number)
}
