import type { Database } from 'better-sqlite3'
import { applicationId } from '../file-header.ts'
import { auditTrail } from './0002-audit-trail.ts'
import { firstForm } from './0001-first-form.ts'
import { namedWrappingKeys } from './0003-named-wrapping-keys.ts'
import { derivations } from './0004-derivations.ts'
import { records } from './0005-records.ts'
import { policies } from './0006-policies.ts'
import { recoveryKey } from './0007-recovery-key.ts'
import { authorityGenerations } from './0008-authority-generations.ts'
import { acme } from './0009-acme.ts'
import { localIssuing } from './0010-local-issuing.ts'
import { acmeKeysWaitsAndRevocations } from './0011-acme-keys-waits-and-revocations.ts'
import { bindingsOfOneKey } from './0012-bindings-of-one-key.ts'

/** Forward only. The schema version is the number of migrations applied. */
export const migrations: readonly string[] = [
  firstForm,
  auditTrail,
  namedWrappingKeys,
  derivations,
  records,
  policies,
  recoveryKey,
  authorityGenerations,
  acme,
  localIssuing,
  acmeKeysWaitsAndRevocations,
  bindingsOfOneKey,
]

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
  for (const step of steps.slice(from)) database.exec(step)
  const dangling = database.pragma('foreign_key_check') as unknown[]
  if (dangling.length > 0) throw new Error('A migration left a reference to a row that is gone.')
  database.pragma(`user_version = ${steps.length}`)
}
