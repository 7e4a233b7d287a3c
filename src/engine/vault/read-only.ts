import { copyFileSync, existsSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Database from 'better-sqlite3'

/** Offsets 18 and 19 of the header: 2 is a write-ahead log, which a database in memory cannot have. */
const journalBytes = [18, 19]

/**
 * Reads the database at `path` into memory: SQLite opens none with a write-ahead log if it cannot write its
 * index, on a full or read-only disk. Changes to the copy are lost.
 */
export function openInMemory(path: string): Database.Database {
  if (!existsSync(path)) return new Database(':memory:')
  return new Database(hasLog(path) ? withLog(path) : image(path))
}

function hasLog(path: string): boolean {
  return (statSync(`${path}-wal`, { throwIfNoEntry: false })?.size ?? 0) > 0
}

function image(path: string): Buffer {
  const bytes = readFileSync(path)
  for (const at of journalBytes) bytes[at] = 1
  return bytes
}

/** Merges the write-ahead log in a private copy elsewhere; the secrets in it stay sealed. */
function withLog(path: string): Buffer {
  const folder = mkdtempSync(join(tmpdir(), 'edgekeep-read-'))
  try {
    const copy = join(folder, 'copy.db')
    for (const suffix of ['', '-wal']) copyFileSync(path + suffix, copy + suffix)
    const sqlite = new Database(copy)
    try {
      sqlite.pragma('wal_checkpoint(TRUNCATE)')
    } finally {
      sqlite.close()
    }
    return image(copy)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}
