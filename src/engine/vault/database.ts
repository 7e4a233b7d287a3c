import { existsSync, renameSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { eq, sql } from 'drizzle-orm'
import { drizzle, type BetterSQLite3Database } from 'drizzle-orm/better-sqlite3'
import type { SQLiteColumn, SQLiteTable } from 'drizzle-orm/sqlite-core'
import { EdgekeepError } from '../../contract/errors/registry.ts'
import { refuseForeignFile } from './file-header.ts'
import { copyBeforeMigrating } from './migrations/copy.ts'
import { migrate } from './migrations/migrate.ts'
import { migrations } from './migrations/steps.ts'
import { claimFile, syncFolder } from './private-files.ts'
import { openInMemory } from './read-only.ts'
import { vaultDamaged } from './failures.ts'

/** Timeout for a lock of another program that reads the database. */
const readerWaitMs = 500

/** Open database, closed at its disposal. */
export interface VaultDatabase extends Disposable {
  readonly sqlite: Database.Database
  readonly query: BetterSQLite3Database
}

/** Parts of the open vault for a table with sealed columns. */
export interface SealedTableParts {
  /** @throws `vault.locked` */
  dataKey: () => Buffer
  clock: () => Date
  /** Called in the transaction that deletes a sealed key. */
  keyDeleted: () => void
}

export function lookUp<T extends SQLiteTable>({ query }: VaultDatabase, table: T, column: SQLiteColumn) {
  const rows = query.select().from<SQLiteTable>(table)
  const found = rows.where(eq(column, sql.placeholder('value'))).prepare()
  return (value: string) => found.get({ value }) as T['$inferSelect'] | undefined
}

/**
 * Opens the vault's database, creating or migrating it.
 * @throws `vault.newer` and `vault.damaged` without having changed the file; SQLite's own errors pass through
 */
export function openDatabase(folder: string): VaultDatabase {
  const path = join(folder, 'vault.db')
  discardHalfMade(path)
  if (!existsSync(path)) createWhole(path, folder)
  claimFile(path, 'its database')
  refuseForeignFile(path, migrations.length)
  const sqlite = new Database(path, { timeout: readerWaitMs })
  return prepared(sqlite, () => bringUpToDate(sqlite, folder))
}

/**
 * Opens a copy in memory, for reading without write access.
 * @throws as `openDatabase`, and the system's error for a missing file
 */
export function openDatabaseInMemory(folder: string): VaultDatabase {
  const path = join(folder, 'vault.db')
  refuseForeignFile(path, migrations.length)
  const sqlite = openInMemory(path)
  return prepared(sqlite, () => {
    refuseDamage(sqlite)
    migrate(sqlite)
  })
}

/** Prepares an open database; closes it if that fails. */
export function prepared(sqlite: Database.Database, prepare: () => void): VaultDatabase {
  try {
    prepare()
  } catch (error) {
    sqlite.close()
    throw error
  }
  return { sqlite, query: drizzle(sqlite), [Symbol.dispose]: () => void sqlite.close() }
}

/** Temporary name of a new database until its rename. */
export function halfMade(path: string): string {
  return `${path}.new`
}

/** Log of a damaged vault during its replacement by a restored one. */
export function logSetAside(path: string): string {
  return `${path}-wal.damaged`
}

/**
 * Removes files of an interrupted creation or restore, which may have sealed keys. If they exist, nothing was
 * replaced, so a log that was set aside goes back.
 */
export function discardHalfMade(path: string): void {
  if (existsSync(halfMade(path)) && existsSync(logSetAside(path)))
    renameSync(logSetAside(path), `${path}-wal`)
  for (const suffix of ['', '-journal']) rmSync(`${halfMade(path)}${suffix}`, { force: true })
}

/** Created under another name first, so that an empty `vault.db` is always a damaged one. */
function createWhole(path: string, folder: string): void {
  if ((statSync(`${path}-wal`, { throwIfNoEntry: false })?.size ?? 0) > 0)
    throw vaultDamaged('its database file is gone but the log of it is there')
  const making = halfMade(path)
  claimFile(making, 'its database')
  const sqlite = new Database(making)
  try {
    migrate(sqlite)
  } finally {
    sqlite.close()
  }
  renameSync(making, path)
  syncFolder(folder)
}

function bringUpToDate(sqlite: Database.Database, folder: string): void {
  // Checks again: a newer Edgekeep may have left a migration in the write-ahead log.
  const found = sqlite.pragma('user_version', { simple: true }) as number
  const known = migrations.length
  if (found > known) throw new EdgekeepError('vault.newer', { found, known })
  configure(sqlite)
  refuseDamage(sqlite)
  if (found < known) copyBeforeMigrating(sqlite, folder, found)
  migrate(sqlite)
}

function configure(sqlite: Database.Database): void {
  sqlite.pragma('journal_mode = WAL')
  sqlite.pragma('synchronous = FULL')
  // On macOS, fsync leaves the bytes in the drive's cache. No effect on other systems.
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
  throw vaultDamaged('the check of its pages fails', cause)
}
