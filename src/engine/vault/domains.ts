import { vaultDamaged } from './failures.ts'
import { count, eq, getTableColumns, inArray, type Placeholder, sql } from 'drizzle-orm'
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

/** Defaults: HTTPS off, no certificate, no redirect, default policies, no tags, never checked. */
export type NewDomainRow = Pick<DomainRow, 'name' | 'origin'> & DomainPatch

export type DomainPatch = Partial<Omit<DomainRow, 'name' | 'createdAt' | 'updatedAt'>>

export interface DomainCount {
  total: number
  onHttps: number
}

const start = {
  httpsState: 'off',
  certificateId: null,
  previousCertificateId: null,
  redirect: redirectDefaults,
  policies: {},
  tags: [] as string[],
  lastCheck: null,
} as const

export function domainTable(database: VaultDatabase, clock: () => Date) {
  const { sqlite, query } = database
  const { name: nameColumn, httpsState } = domainsTable
  const all = query.select().from(domainsTable).orderBy(nameColumn).prepare()
  const byName = query
    .select()
    .from(domainsTable)
    .where(eq(nameColumn, sql.placeholder('name')))
    .prepare()
  const inserting = insertOf(query)
  const onHttps = sql<number>`count(*) FILTER (WHERE ${httpsState} = 'on')`
  const counted = query.select({ total: count(), onHttps }).from(domainsTable).prepare()

  /** Cache of the count of committed rows: counting many domains takes longer than changing one. */
  let known: DomainCount | null = null

  function requireRow({ changes }: { changes: number }, name: string): void {
    if (changes === 0) throw new EdgekeepError('domain.not_found', { name })
  }

  return {
    list: (): DomainRow[] => (all.values() as ListedValues[]).map((values) => withDefaults(rowOf(values))),
    count(): DomainCount {
      const current = known ?? counted.get() ?? { total: 0, onHttps: 0 }
      known = sqlite.inTransaction ? null : current
      return { ...current }
    },
    get(name: string): DomainRow | undefined {
      const [values] = byName.values({ name }) as ListedValues[]
      return values && withDefaults(rowOf(values))
    },
    /** Returns those of `parents` with a domain one label below them, which may be `*`. */
    parentsAmong(parents: readonly string[]): string[] {
      const parent = sql<string>`substr(${nameColumn}, instr(${nameColumn}, '.') + 1)`
      const rows = query.selectDistinct({ parent }).from(domainsTable)
      const found = rows.where(inArray(parent, [...parents])).all()
      return found.map((row) => row.parent)
    },
    /** @throws `domain.exists` */
    insert(row: NewDomainRow): void {
      known = null
      const now = clock().toISOString()
      const values = { ...start, ...row, createdAt: now, updatedAt: now }
      try {
        inserting.run(values)
      } catch (error) {
        if (!(error instanceof SqliteError && error.code === 'SQLITE_CONSTRAINT_PRIMARYKEY')) throw error
        throw new EdgekeepError('domain.exists', { name: row.name }, { cause: error })
      }
    },
    /** @throws `domain.not_found`, as `remove` */
    update(name: string, patch: DomainPatch): void {
      if (patch.httpsState !== undefined) known = null
      const values = changesNothingServed(patch) ? patch : { ...patch, updatedAt: clock().toISOString() }
      requireRow(query.update(domainsTable).set(values).where(eq(nameColumn, name)).run(), name)
    },
    remove(name: string): void {
      known = null
      requireRow(query.delete(domainsTable).where(eq(nameColumn, name)).run(), name)
    },
  }
}

/** Prepared once: preparing takes longer than inserting. */
function insertOf(query: VaultDatabase['query']) {
  const columns = Object.keys(getTableColumns(domainsTable)) as (keyof StoredRow)[]
  const placeholders = Object.fromEntries(columns.map((name) => [name, sql.placeholder(name)]))
  return query
    .insert(domainsTable)
    .values(placeholders as Record<keyof StoredRow, Placeholder>)
    .prepare()
}

/** Column values in SQLite's form, in the order of the schema. */
type ListedValues = [
  ...row: [name: string, origin: string, httpsState: StoredRow['httpsState']],
  ...certificates: [certificateId: string | null, previousCertificateId: string | null],
  ...settings: [redirect: string, policies: string, lastCheck: string | null],
  ...rest: [createdAt: string, updatedAt: string, tags: string],
]

/** Maps by hand, because drizzle's mapping takes most of the time of a long list. */
function rowOf(values: ListedValues): StoredRow {
  const [name, origin, httpsState, certificateId, previousCertificateId, ...settings] = values
  const [redirect, policies, lastCheck, createdAt, updatedAt, tags] = settings
  return {
    name,
    origin: JSON.parse(origin) as StoredRow['origin'],
    httpsState,
    certificateId,
    previousCertificateId,
    redirect: JSON.parse(redirect) as StoredRow['redirect'],
    policies: JSON.parse(policies) as StoredRow['policies'],
    lastCheck: lastCheck === null ? null : (JSON.parse(lastCheck) as StoredRow['lastCheck']),
    createdAt,
    updatedAt,
    tags: JSON.parse(tags) as string[],
  }
}

/** @throws `vault.damaged` for an invalid stored value */
function withDefaults(row: StoredRow): DomainRow {
  const origin = row.origin.protocol === 'folder' ? row.origin : { ...originDefaults, ...row.origin }
  if (Object.keys(row.policies).length === 0) return { ...row, origin, policies: defaultPolicies }
  const parsed = storedPoliciesSchema.safeParse(row.policies)
  if (parsed.success) return { ...row, origin, policies: parsed.data }
  throw vaultDamaged(`the policies of ${row.name} are malformed`)
}

/** Fields of a row that are not served. */
const unserved = new Set(['lastCheck', 'previousCertificateId', 'tags'])

function changesNothingServed(patch: DomainPatch): boolean {
  const fields = Object.keys(patch)
  return fields.length > 0 && fields.every((field) => unserved.has(field))
}
