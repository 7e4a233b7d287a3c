import { existsSync, renameSync } from 'node:fs'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { EdgekeepError } from '../../contract/errors/registry.ts'
import { asVaultFailure } from '../vault/failures.ts'
import { claimFile } from '../vault/private-files.ts'
import { openInMemory } from '../vault/read-only.ts'

/**
 * Migrations, forward only. `at` is the start of the step in seconds since 1970, `domain` is empty for
 * traffic of no domain, and `latency` has pairs of a bucket and its count.
 */
const migrations = [
  /* sql */ `
CREATE TABLE usage (
  step TEXT NOT NULL CHECK (step IN ('minute', 'hour', 'day')),
  at INTEGER NOT NULL,
  domain TEXT NOT NULL,
  http INTEGER NOT NULL,
  https INTEGER NOT NULL,
  charged INTEGER NOT NULL,
  redirected INTEGER NOT NULL,
  bytes_in INTEGER NOT NULL,
  bytes_out INTEGER NOT NULL,
  answered0 INTEGER NOT NULL,
  answered1 INTEGER NOT NULL,
  answered2 INTEGER NOT NULL,
  answered3 INTEGER NOT NULL,
  answered4 INTEGER NOT NULL,
  answered5 INTEGER NOT NULL,
  tls12 INTEGER NOT NULL,
  tls13 INTEGER NOT NULL,
  http1 INTEGER NOT NULL,
  http2 INTEGER NOT NULL,
  handshakes_full INTEGER NOT NULL,
  handshakes_resumed INTEGER NOT NULL,
  handshakes_refused INTEGER NOT NULL,
  latency TEXT NOT NULL CHECK (json_valid(latency)),
  PRIMARY KEY (step, at, domain)
) STRICT, WITHOUT ROWID;
`,
]

/**
 * Opens the usage database, or creates it. An unreadable one is quarantined under the name passed to
 * `onSetAside`: an engine that starts is worth more than usage.
 */
export function openUsageDatabase(
  folder: string,
  onSetAside: (name: string, reason: unknown) => void,
): Database.Database {
  const path = join(folder, 'usage.db')
  try {
    return open(path)
  } catch (error) {
    const failure = asVaultFailure(error)
    // A full disk is no reason to start a new database.
    if (!existsSync(path) || (failure !== error && isUnusable(failure))) throw failure
    const name = `usage.db.unreadable-${Date.now()}`
    renameSync(path, join(folder, name))
    for (const suffix of ['-wal', '-shm']) {
      if (existsSync(path + suffix)) renameSync(path + suffix, join(folder, name + suffix))
    }
    onSetAside(name, error)
    return open(path)
  }
}

function isUnusable(failure: unknown): boolean {
  return failure instanceof EdgekeepError && failure.code === 'home.unusable'
}

/** Opens a copy in memory, for reading without write access. */
export function readUsageDatabase(folder: string): Database.Database {
  const sqlite = openInMemory(join(folder, 'usage.db'))
  migrate(sqlite)
  return sqlite
}

function open(path: string): Database.Database {
  claimFile(path, 'its record of usage')
  const sqlite = new Database(path, { timeout: 500 })
  try {
    sqlite.pragma('journal_mode = WAL')
    // A power cut may lose the last seconds; the file stays consistent.
    sqlite.pragma('synchronous = NORMAL')
    sqlite.pragma('trusted_schema = OFF')
    migrate(sqlite)
    return sqlite
  } catch (error) {
    sqlite.close()
    throw error
  }
}

function migrate(sqlite: Database.Database): void {
  const found = sqlite.pragma('user_version', { simple: true }) as number
  if (found > migrations.length) throw new Error(`its schema is ${found}, newer than ${migrations.length}`)
  sqlite
    .transaction(() => {
      for (const step of migrations.slice(found)) sqlite.exec(step)
      sqlite.pragma(`user_version = ${migrations.length}`)
    })
    .immediate()
}
