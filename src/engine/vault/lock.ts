import { join } from 'node:path'
import Database from 'better-sqlite3'
import { claimFile } from './private-files.ts'

export interface VaultLock {
  close(): void
}

const waitMs = 1000

/**
 * Takes the vault for this process alone, or throws SQLITE_BUSY after a second. It is a
 * transaction on a database of its own that never ends: the system drops its file lock when the
 * process dies, however it dies, so no stale lock is ever left behind.
 */
export function takeLock(folder: string): VaultLock {
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
  return { close: () => void database.close() }
}
