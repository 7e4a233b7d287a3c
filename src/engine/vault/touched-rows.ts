import type { Database } from 'better-sqlite3'
import type { VaultDatabase } from './database.ts'

/** Rows that were inserted, changed or removed, by key; a certificate also where a domain has begun or ceased to use it. */
export interface Touched {
  domains: string[]
  certificates: string[]
  /** A table was written whose rows belong to no one domain or certificate. */
  others: boolean
}

export interface TouchedRows {
  /** Begins an account of what is touched from now on. Each reader has its own. */
  reader(): TouchedReader
}

export interface TouchedReader {
  /** What was touched since the last call, whoever did it. To be called outside of transactions. */
  take(): Touched
}

/**
 * Not served, or read anew with every change of what is. Any other table counts: by what its rows
 * refer to, or else with everything, so that forgetting one here costs time and not truth.
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
  'issued_certificates',
  'last_revocation_lists',
  'requests',
  'acme_server_accounts',
  'acme_server_bindings',
])

/**
 * SQLite itself notes the rows, by temporary triggers of this connection, the only one that writes:
 * a change cannot be forgotten by who makes it, and is found without reading the other rows.
 */
export function touchedRowsOf({ sqlite }: VaultDatabase): TouchedRows {
  sqlite.exec('CREATE TEMP TABLE touched (kind TEXT, key TEXT, PRIMARY KEY (kind, key)) WITHOUT ROWID')
  for (const { table, noted } of watchedTables(sqlite)) watch(sqlite, table, noted)
  const notes = sqlite.prepare<[], { kind: Kind; key: string }>('SELECT * FROM touched')
  const forget = sqlite.prepare('DELETE FROM touched')

  const accounts: Account[] = []

  function settleUp(): void {
    for (const { kind, key } of notes.all()) for (const account of accounts) account[kind].add(key)
    forget.run()
  }
  function reader(): TouchedReader {
    settleUp()
    const account = newAccount()
    accounts.push(account)
    return {
      take() {
        settleUp()
        const { domains, certificates, others } = { ...account }
        Object.assign(account, newAccount())
        return { domains: [...domains], certificates: [...certificates], others: others.size > 0 }
      },
    }
  }
  return { reader }
}

type Kind = keyof Touched
type Account = Record<Kind, Set<string>>

function newAccount(): Account {
  return { domains: new Set(), certificates: new Set(), others: new Set() }
}

interface Noted {
  kind: Kind
  /** The column that holds the key; null: the table as a whole. */
  column: string | null
}

/** The tables that count, each with what is noted of its rows. */
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
  const noted = references.flatMap(({ table: kind, from }): Noted[] =>
    kind === 'domains' || kind === 'certificates' ? [{ kind, column: from }] : [],
  )
  if (table === 'domains') noted.push({ kind: 'domains', column: 'name' })
  return noted.length > 0 ? noted : [{ kind: 'others', column: null }]
}

function watch(sqlite: Database, table: string, noted: Noted[]): void {
  const rows = { INSERT: ['NEW'], UPDATE: ['OLD', 'NEW'], DELETE: ['OLD'] }
  for (const [event, versions] of Object.entries(rows)) {
    const notes = versions.flatMap((version) => noted.map((each) => note(version, each)))
    sqlite.exec(
      `CREATE TEMP TRIGGER touched_${table}_${event} AFTER ${event} ON main.${table} BEGIN ${notes.join(' ')} END`,
    )
  }
}

/** `OR IGNORE` would not do: the conflict clause of the statement that fires a trigger overrides it. */
function note(version: string, { kind, column }: Noted): string {
  const key = column === null ? "''" : `${version}.${column}`
  return `INSERT INTO touched SELECT '${kind}', ${key} WHERE ${key} IS NOT NULL
    AND NOT EXISTS (SELECT 1 FROM touched WHERE kind = '${kind}' AND key = ${key});`
}
