import { join } from 'node:path'
import Database from 'better-sqlite3'
import { claimFile } from './private-files.ts'

const waitMs = 1000

/**
 * Locks the vault for this process, or throws SQLITE_BUSY after a second. The lock is an endless transaction
 * on a database of its own: the system releases its file lock however the process ends, so no stale lock
 * remains.
 */
export function takeLock(folder: string): Disposable {
  const path = join(folder, 'vault.lock')
  claimFile(path, 'its lock file')
  const database = new Database(path, { timeout: waitMs })
  try {
    database.pragma('journal_mode = MEMORY')
    database.exec('BEGIN EXCLUSIVE')
  } catch (error) {
    database.close()
    throw error
  }
  return { [Symbol.dispose]: () => void database.close() }
}
