import { EdgekeepError } from '../../contract/errors/registry.ts'
import { SecretBytes } from '../../domain/secret-bytes.ts'
import type { BoundedFiles } from './found.ts'
import { requireTrees } from './sqlite-trees.ts'

const mostBytes = 32 * 1024 * 1024
const mostRows = 10_000

export type Row = Record<string, unknown>

/** Tables of a database of another program. */
export interface SqliteFile extends Disposable {
  /** Rows of a table with those columns that it has; empty if there is no such table. */
  rows(table: string, columns: string[]): Row[]
}

/**
 * Opens a copy of the database in memory, so nothing of it is written and no journal beside it is run. A hostile one
 * may have views and generated columns, which compute when they are read: only ordinary columns of tables are. Its
 * rows and trees may share their pages, so that they are far larger than the file: such a one is damaged.
 * @throws `import.unreadable`, UnreadableFile
 */
export async function openSqlite(path: string, files: BoundedFiles): Promise<SqliteFile> {
  const { default: Database } = await import('better-sqlite3')
  using bytes = new SecretBytes(files.bytes(path, mostBytes))
  if (!bytes.bytes.subarray(0, 16).equals(Buffer.from('SQLite format 3\0'))) throw noDatabase()
  // A copy in memory cannot have a write-ahead log (https://sqlite.org/fileformat2.html, section 1.3.3).
  bytes.bytes.fill(1, 18, 20)
  const size = bytes.bytes.length
  try {
    requireTrees(bytes.bytes)
  } catch (error) {
    throw noDatabase(error)
  }
  const database = new Database(bytes.bytes)
  const all = (sql: string, ...values: string[]) => {
    try {
      return within(database.prepare<string[], Row>(sql).iterate(...values), size)
    } catch (error) {
      database.close()
      throw noDatabase(error)
    }
  }
  database.pragma('trusted_schema = OFF')
  return {
    rows(table, columns) {
      const [found] = all(`SELECT type, sql FROM sqlite_schema WHERE name = ?`, table)
      if (found?.['type'] !== 'table' || /^create\s+virtual/i.test(String(found['sql']))) return []
      const ordinary = all('SELECT name FROM pragma_table_xinfo(?) WHERE hidden = 0', table)
      const known = columns.filter((column) => ordinary.some(({ name }) => name === column))
      if (known.length === 0) return []
      const list = known.map((column) => `"${column}"`).join(', ')
      return all(`SELECT ${list} FROM "${table}" LIMIT ${mostRows}`)
    },
    [Symbol.dispose]: () => void database.close(),
  }
}

/** @throws RangeError if the values are larger than `most` together */
function within(rows: Iterable<Row>, most: number): Row[] {
  const found: Row[] = []
  let left = most
  for (const row of rows) {
    for (const value of Object.values(row))
      if (typeof value === 'string' || Buffer.isBuffer(value)) left -= value.length
    if (left < 0) throw new RangeError('its rows are larger than the file')
    found.push(row)
  }
  return found
}

function noDatabase(cause?: unknown): EdgekeepError {
  return new EdgekeepError(
    'import.unreadable',
    { reason: 'it is no database of SQLite, or a damaged one' },
    { cause },
  )
}
