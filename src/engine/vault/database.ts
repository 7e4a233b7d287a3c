import { statSync } from 'node:fs'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { drizzle, type BetterSQLite3Database } from 'drizzle-orm/better-sqlite3'
import { EdgekeepError } from '../../contract/errors.ts'
import { APPLICATION_ID, migrate, migrations } from './migrations/migrate.ts'
import { copyBeforeMigrating } from './migrations/copy.ts'
import { claimFile } from './private-files.ts'

export interface VaultDatabase {
  readonly sqlite: Database.Database
  readonly query: BetterSQLite3Database
}

/**
 * Opens the vault's database, made or migrated where it has to be. Throws vault.newer and
 * vault.damaged without having written a byte; SQLite's own errors pass through.
 */
export function openDatabase(folder: string): VaultDatabase {
  const path = join(folder, 'vault.db')
  claimFile(path, 'its database')
  const found = readHeader(path)
  const sqlite = new Database(path, { timeout: 0 })
  try {
    configure(sqlite)
    if (found.version > 0) {
      refuseDamage(sqlite)
      if (found.version < migrations.length) copyBeforeMigrating(sqlite, folder, found.version)
    }
    migrate(sqlite)
    return { sqlite, query: drizzle(sqlite) }
  } catch (error) {
    sqlite.close()
    throw error
  }
}

function readHeader(path: string): { version: number } {
  if (statSync(path).size === 0) return { version: 0 }
  const sqlite = new Database(path, { readonly: true })
  try {
    const version = sqlite.pragma('user_version', { simple: true }) as number
    if (belongsToAnother(sqlite))
      throw new EdgekeepError('vault.damaged', { reason: 'the file belongs to another program' })
    if (version > migrations.length)
      throw new EdgekeepError('vault.newer', { found: version, known: migrations.length })
    return { version }
  } finally {
    sqlite.close()
  }
}

function belongsToAnother(sqlite: Database.Database): boolean {
  const application = sqlite.pragma('application_id', { simple: true }) as number
  const tables = sqlite.prepare('SELECT count(*) FROM sqlite_schema').pluck().get() as number
  return tables > 0 && application !== APPLICATION_ID
}

function configure(sqlite: Database.Database): void {
  sqlite.pragma('journal_mode = WAL')
  sqlite.pragma('synchronous = FULL')
  // On macOS fsync leaves the bytes in the drive's cache; elsewhere these two do nothing.
  sqlite.pragma('fullfsync = ON')
  sqlite.pragma('checkpoint_fullfsync = ON')
  sqlite.pragma('foreign_keys = ON')
  sqlite.pragma('secure_delete = ON')
  // Sorting and VACUUM would otherwise write rows to a temporary file.
  sqlite.pragma('temp_store = MEMORY')
  sqlite.pragma('trusted_schema = OFF')
  sqlite.pragma('cell_size_check = ON')
}

function refuseDamage(sqlite: Database.Database): void {
  const verdict = sqlite.pragma('quick_check(1)', { simple: true }) as string
  if (verdict === 'ok') return
  const cause = new Error(verdict)
  throw new EdgekeepError('vault.damaged', { reason: 'the check of its pages fails' }, { cause })
}
