import type { Database } from 'better-sqlite3'
import { applicationId } from '../file-header.ts'
import { withBoundaries } from './folder-boundaries.ts'
import { migrations } from './steps.ts'

/** Migrates the schema from the version in `user_version` to the newest, all or nothing. */
export function migrate(database: Database, steps: readonly string[] = migrations): void {
  const from = database.pragma('user_version', { simple: true }) as number
  if (from === steps.length) return
  // A table can only be rebuilt with enforcement off, which cannot be switched in a transaction.
  database.pragma('foreign_keys = OFF')
  try {
    database.transaction(() => runFrom(database, from, steps)).immediate()
  } finally {
    database.pragma('foreign_keys = ON')
  }
}

function runFrom(database: Database, from: number, steps: readonly string[]): void {
  if (from === 0) database.pragma(`application_id = ${applicationId}`)
  database.function('with_boundaries', withBoundaries)
  for (const step of steps.slice(from)) database.exec(step)
  const dangling = database.pragma('foreign_key_check') as unknown[]
  if (dangling.length > 0) throw new Error('A migration left a reference to a row that is gone.')
  database.pragma(`user_version = ${steps.length}`)
}
