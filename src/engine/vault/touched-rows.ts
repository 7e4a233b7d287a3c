import type { Database } from 'better-sqlite3'
import type { VaultDatabase } from './database.ts'

/** Keys of inserted, changed or removed rows. */
export interface Touched {
  domains: string[]
  certificates: string[]
  /** Certificates that a domain started or stopped using. */
  usedCertificates: string[]
  /** A table was written whose rows belong to no single domain or certificate. */
  others: boolean
}

export interface TouchedReader {
  /** Returns the changes since the last call, by any caller. Not to be called inside a transaction. */
  take(): Touched
}

/**
 * Tables whose changes do not matter here: they are not served, or are read again at every change. Any other
 * table counts, so that a missing entry costs time but not correctness.
 */
const unserved = new Set([
  'vault',
  'protection',
  'keys_to_forget',
  'derivations',
  'sealed_keys',
  'authority',
  'settings',
  'audit',
  'audit_seal',
  'backup_schedule',
  'recovery_key',
  'refused_unlocks',
  'acme_accounts',
  'dns_methods',
  'notice_channels',
  'issued_certificates',
  'last_revocation_lists',
  'requests',
  'acme_server_accounts',
  'acme_former_keys',
  'acme_server_former_keys',
  'acme_server_bindings',
  'target_keys',
])

/**
 * Records changes by temporary triggers of this connection, the only one that writes. So no change is missed,
 * and no full scan is needed.
 */
export function touchedRowsOf({ sqlite }: VaultDatabase) {
  sqlite.exec('CREATE TEMP TABLE touched (kind TEXT, key TEXT, PRIMARY KEY (kind, key)) WITHOUT ROWID')
  for (const { table, noted } of watchedTables(sqlite)) watch(sqlite, table, noted)
  const notes = sqlite.prepare<[], { kind: Kind; key: string }>('SELECT * FROM touched')
  const forget = sqlite.prepare('DELETE FROM touched')

  const accounts: Account[] = []

  function settleUp(): void {
    for (const { kind, key } of notes.all()) for (const account of accounts) account[kind].add(key)
    forget.run()
  }

  /** Returns an independent reader of the changes from now on. */
  function reader(): TouchedReader {
    settleUp()
    const account = newAccount()
    accounts.push(account)
    return {
      take() {
        settleUp()
        const { domains, certificates, usedCertificates, others } = { ...account }
        Object.assign(account, newAccount())
        return {
          domains: [...domains],
          certificates: [...certificates],
          usedCertificates: [...usedCertificates],
          others: others.size > 0,
        }
      },
    }
  }
  return { reader }
}

type Kind = keyof Touched
type Account = Record<Kind, Set<string>>

function newAccount(): Account {
  return { domains: new Set(), certificates: new Set(), usedCertificates: new Set(), others: new Set() }
}

interface Noted {
  kind: Kind
  /** Key column; null: the table as a whole. */
  column: string | null
}

/** Tables that count, with the notes on their rows. */
export function watchedTables(sqlite: Database): { table: string; noted: Noted[] }[] {
  const tables = sqlite
    .prepare("SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'")
    .pluck()
    .all() as string[]
  return tables
    .filter((table) => !unserved.has(table))
    .map((table) => ({ table, noted: notedOf(sqlite, table) }))
}

function notedOf(sqlite: Database, table: string): Noted[] {
  if (table === 'certificates') return [{ kind: 'certificates', column: 'id' }]
  const references = sqlite.pragma(`foreign_key_list(${table})`) as { table: string; from: string }[]
  if (table === 'domains') {
    const used = references.filter((each) => each.table === 'certificates')
    return [
      { kind: 'domains', column: 'name' },
      ...used.map(({ from }): Noted => ({ kind: 'usedCertificates', column: from })),
    ]
  }
  const noted = references.flatMap(({ table: kind, from }): Noted[] =>
    kind === 'domains' || kind === 'certificates' ? [{ kind, column: from }] : [],
  )
  return noted.length > 0 ? noted : [{ kind: 'others', column: null }]
}

function watch(sqlite: Database, table: string, noted: Noted[]): void {
  const rows = { INSERT: ['NEW'], UPDATE: ['OLD', 'NEW'], DELETE: ['OLD'] }
  for (const [event, versions] of Object.entries(rows)) {
    const notes = versions.flatMap((version) => noted.map((each) => note(version, each, event === 'UPDATE')))
    sqlite.exec(
      `CREATE TEMP TRIGGER touched_${table}_${event} AFTER ${event} ON main.${table} BEGIN ${notes.join(' ')} END`,
    )
  }
}

/** `OR IGNORE` has no effect here: the conflict clause of the statement that fires a trigger overrides it. */
function note(version: string, { kind, column }: Noted, isUpdate: boolean): string {
  const key = column === null ? "''" : `${version}.${column}`
  const isChanged = isUpdate && kind === 'usedCertificates' ? `AND OLD.${column} IS NOT NEW.${column}` : ''
  return `INSERT INTO touched SELECT '${kind}', ${key} WHERE ${key} IS NOT NULL ${isChanged}
    AND NOT EXISTS (SELECT 1 FROM touched WHERE kind = '${kind}' AND key = ${key});`
}
