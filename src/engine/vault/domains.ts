import { eq, inArray, sql } from 'drizzle-orm'
import { SqliteError } from 'better-sqlite3'
import { EdgekeepError } from '../../contract/errors/registry.ts'
import { originDefaults, redirectDefaults } from '../../contract/domains/domains.ts'
import {
  defaultPolicies,
  storedPoliciesSchema,
  type StoredPolicies,
} from '../../contract/domains/policies.ts'
import type { VaultDatabase } from './database.ts'
import { domainsTable } from './schema.ts'

type StoredRow = typeof domainsTable.$inferSelect

export type DomainRow = Omit<StoredRow, 'policies'> & { policies: StoredPolicies }

/** Defaults: HTTPS off, no certificate, no redirect, default policies, never checked. */
export type NewDomainRow = Pick<DomainRow, 'name' | 'origin'> & DomainPatch

export type DomainPatch = Partial<Omit<DomainRow, 'name' | 'createdAt' | 'updatedAt'>>

export interface DomainCount {
  total: number
  onHttps: number
}

export interface DomainTable {
  list(): DomainRow[]
  count(): DomainCount
  get(name: string): DomainRow | undefined
  /** Returns those of `parents` with a domain one label below them, which may be `*`. */
  parentsAmong(parents: readonly string[]): string[]
  /** @throws `domain.exists` */
  insert(row: NewDomainRow): void
  /** @throws `domain.not_found`, as `remove` */
  update(name: string, patch: DomainPatch): void
  remove(name: string): void
}

const start = {
  httpsState: 'off',
  certificateId: null,
  previousCertificateId: null,
  redirect: redirectDefaults,
  policies: {},
  lastCheck: null,
} as const

export function domainTable({ sqlite, query }: VaultDatabase, clock: () => Date): DomainTable {
  const all = query.select().from(domainsTable).orderBy(domainsTable.name).prepare()
  const byName = query
    .select()
    .from(domainsTable)
    .where(eq(domainsTable.name, sql.placeholder('name')))
    .prepare()

  const counted = query
    .select({
      total: sql<number>`count(*)`,
      onHttps: sql<number>`count(*) FILTER (WHERE https_state = 'on')`,
    })
    .from(domainsTable)
    .prepare()

  /** Cache of the count of committed rows: counting many domains takes longer than changing one. */
  let known: DomainCount | null = null

  function insert(row: NewDomainRow): void {
    known = null
    const now = clock().toISOString()
    const values = { ...start, ...row, createdAt: now, updatedAt: now }
    try {
      query.insert(domainsTable).values(values).run()
    } catch (error) {
      if (!(error instanceof SqliteError && error.code === 'SQLITE_CONSTRAINT_PRIMARYKEY')) throw error
      throw new EdgekeepError('domain.exists', { name: row.name }, { cause: error })
    }
  }

  function update(name: string, patch: DomainPatch): void {
    if (patch.httpsState !== undefined) known = null
    const values = isNoteOfCheck(patch) ? patch : { ...patch, updatedAt: clock().toISOString() }
    const { changes } = query.update(domainsTable).set(values).where(eq(domainsTable.name, name)).run()
    if (changes === 0) throw new EdgekeepError('domain.not_found', { name })
  }

  function remove(name: string): void {
    known = null
    const { changes } = query.delete(domainsTable).where(eq(domainsTable.name, name)).run()
    if (changes === 0) throw new EdgekeepError('domain.not_found', { name })
  }

  function get(name: string): DomainRow | undefined {
    const row = byName.get({ name })
    return row && withDefaults(row)
  }

  function count(): DomainCount {
    const count = known ?? counted.get() ?? { total: 0, onHttps: 0 }
    known = sqlite.inTransaction ? null : count
    return { ...count }
  }

  function parentsAmong(parents: readonly string[]): string[] {
    const parent = sql<string>`substr(${domainsTable.name}, instr(${domainsTable.name}, '.') + 1)`
    const found = query
      .selectDistinct({ parent })
      .from(domainsTable)
      .where(inArray(parent, [...parents]))
      .all()
    return found.map((row) => row.parent)
  }

  return { list: () => all.all().map(withDefaults), count, get, parentsAmong, insert, update, remove }
}

/** @throws `vault.damaged` for an invalid stored value */
function withDefaults(row: StoredRow): DomainRow {
  const origin = row.origin.protocol === 'folder' ? row.origin : { ...originDefaults, ...row.origin }
  if (Object.keys(row.policies).length === 0) return { ...row, origin, policies: defaultPolicies }
  const parsed = storedPoliciesSchema.safeParse(row.policies)
  if (parsed.success) return { ...row, origin, policies: parsed.data }
  throw new EdgekeepError('vault.damaged', { reason: `the policies of ${row.name} are malformed` })
}

/** Results of a check are no change of the configuration. */
function isNoteOfCheck(patch: DomainPatch): boolean {
  return Object.keys(patch).join() === 'lastCheck'
}
