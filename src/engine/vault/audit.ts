import { vaultDamaged } from './failures.ts'
import { randomBytes } from 'node:crypto'
import { asc, desc, eq, gt, lt, max, or, type Placeholder, sql } from 'drizzle-orm'
import { SecretBytes } from '../../domain/secret-bytes.ts'
import { beforeTheFirst, headHash, rowHash, type ChainedRow } from './audit-chain.ts'
import type { VaultDatabase } from './database.ts'
import { auditSealTable, auditTable } from './schema.ts'
import { BrokenSeal, seal, unseal, type SealBinding } from './seal.ts'

/** Plain data that may be shown to anybody: never a secret. */
export type AuditValue =
  | null
  | boolean
  | number
  | string
  | readonly AuditValue[]
  | { readonly [name: string]: AuditValue }

export interface AuditEntry {
  /** `window`, `command line`, `engine`. */
  actor: string
  /** Object and verb: `domain.add`, `https.enable`, `certificate.remove`. */
  action: string
  /** Object of the action: a domain's name, a certificate's id. */
  subject: string
  before: AuditValue
  after: AuditValue
}

export interface AuditRow extends AuditEntry {
  /** Starts at 1, without gaps. */
  sequence: number
  at: string
}

/** Result of a verification; `brokenAt` is the first altered row. */
export type AuditVerdict =
  | { ok: true; rows: number }
  | { ok: false; rows: number; brokenAt: number; reason: string }

export const auditKeyBinding: SealBinding = { table: 'audit_seal', row: '1', spkiSha256: '' }
const pageSize = 1000
const keyIsGone = 'the key of its audit trail is gone'

/**
 * Expressions that read certificates from rows; identical to those of the indexes, so that SQLite uses these.
 */
const certificatesInRows = [
  sql.raw(`before ->> '$.certificate.fingerprintSha256'`),
  sql.raw(`after ->> '$.certificate.fingerprintSha256'`),
  sql.raw(`before ->> '$.fingerprintSha256'`),
  sql.raw(`after ->> '$.fingerprintSha256'`),
] as const

/** The first condition is that of an index of the rows about several domains, so that no other is read. */
function isAmongSeveral(subject: string) {
  return sql`sequence IN (
    SELECT sequence FROM audit WHERE after ->> '$.domains' IS NOT NULL
      AND ${subject} IN (SELECT value FROM json_each(after, '$.domains'))
  )`
}

export type AuditTrail = ReturnType<typeof auditTrailOf>

/** `auditKey` lends the trail's key for one call, or throws vault.locked. */
export function auditTrailOf({ sqlite, query }: VaultDatabase, auditKey: () => Buffer, clock: () => Date) {
  const { last, following, insert, setHead } = statementsOf(query)

  /**
   * Appends a row in the transaction of the current change, so that both happen or neither.
   * @throws outside of a change
   */
  function append(entry: AuditEntry): void {
    if (!sqlite.inTransaction) throw new Error('An audit row was appended outside a change.')
    const key = auditKey()
    const previous = last.get()
    const row = chained(entry, (previous?.sequence ?? 0) + 1, clock())
    const hash = rowHash(key, previous?.hash ?? beforeTheFirst, row)
    insert.run({ ...row, hash })
    setHead.run({ head: headHash(key, hash, row.sequence) })
  }

  return {
    append,
    /**
     * Appends a row that belongs to no change.
     * @throws `vault.locked`
     */
    record(entry: AuditEntry): void {
      sqlite.transaction(() => append(entry)).immediate()
    },
    /** At most `limit` rows, newest first; older than the row `before` if given. */
    list({ limit, before }: { limit: number; before?: number }): AuditRow[] {
      const older = before === undefined ? undefined : lt(auditTable.sequence, before)
      const newest = query.select().from(auditTable).where(older).orderBy(desc(auditTable.sequence))
      return newest.limit(limit).all().map(shown)
    },
    /**
     * Rows about `subject`, alone or among several domains, or about the use of the certificate with that
     * fingerprint, newest first.
     */
    about(subject: string, fingerprint?: string): AuditRow[] {
      const isOf = (at: (typeof certificatesInRows)[number]) => sql`${at} = ${fingerprint}`
      const named = fingerprint === undefined ? [] : certificatesInRows.map(isOf)
      const isAbout = or(eq(auditTable.subject, subject), isAmongSeveral(subject), ...named)
      const rows = query.select().from(auditTable).where(isAbout).orderBy(desc(auditTable.sequence))
      return rows.all().map(shown)
    },
    fingerprintOf(certificateId: string): string | undefined {
      const [, , before, after] = certificatesInRows
      const fingerprint = sql<string | null>`coalesce(${before}, ${after})`
      const rows = query.select({ fingerprint }).from(auditTable).where(eq(auditTable.subject, certificateId))
      return rows.all().find((row) => row.fingerprint !== null)?.fingerprint ?? undefined
    },
    /** Time of the last row, and the latest time before `moment`; null without such a row. */
    times(moment: Date): { last: string | null; latestBefore: string | null } {
      const latest = query.select({ at: max(auditTable.at) }).from(auditTable)
      const before = latest.where(lt(auditTable.at, moment.toISOString())).get()
      return { last: last.get()?.at ?? null, latestBefore: before?.at ?? null }
    },
    /** Reads the whole trail and recomputes every hash. */
    verify(): AuditVerdict {
      const key = auditKey()
      let previous: Buffer = beforeTheFirst
      let rows = 0
      for (let page = following.all({ after: 0 }); page.length > 0; page = following.all({ after: rows }))
        for (const row of page) {
          const brokenAt = rows + 1
          if (row.sequence !== brokenAt) return { ok: false, rows, brokenAt, reason: 'rows are missing here' }
          const hash = rowHash(key, previous, row)
          if (!hash.equals(row.hash)) return { ok: false, rows, brokenAt, reason: 'this row was changed' }
          previous = hash
          rows = brokenAt
        }
      const head = query.select().from(auditSealTable).get()?.head
      if (head?.equals(headHash(key, previous, rows))) return { ok: true, rows }
      return { ok: false, rows, brokenAt: rows + 1, reason: 'rows are missing from here on' }
    },
  }
}

function statementsOf(query: VaultDatabase['query']) {
  const rows = () => query.select().from(auditTable)
  const columns = ['sequence', 'at', 'actor', 'action', 'subject', 'before', 'after', 'hash'] as const
  const entry = Object.fromEntries(columns.map((name) => [name, sql.placeholder(name)]))
  const ofEntry = entry as Record<(typeof columns)[number], Placeholder>
  const head = sql`${sql.placeholder('head')}`
  const later = gt(auditTable.sequence, sql.placeholder('after'))
  return {
    last: rows().orderBy(desc(auditTable.sequence)).limit(1).prepare(),
    following: rows().where(later).orderBy(asc(auditTable.sequence)).limit(pageSize).prepare(),
    insert: query.insert(auditTable).values(ofEntry).prepare(),
    setHead: query.update(auditSealTable).set({ head }).where(eq(auditSealTable.id, 1)).prepare(),
  }
}

/** The trail's own key keeps the chain valid when the data key is rotated. */
export function openAuditKey({ query }: VaultDatabase, dataKey: Buffer): SecretBytes {
  const found = query.select().from(auditSealTable).get()
  if (found) return unsealAuditKey(dataKey, found.sealedKey)
  if (query.select().from(auditTable).limit(1).get()) throw vaultDamaged(keyIsGone)
  using key = new SecretBytes(randomBytes(32))
  const sealedKey = seal(dataKey, key.bytes, auditKeyBinding)
  const head = headHash(key.bytes, beforeTheFirst, 0)
  query.insert(auditSealTable).values({ id: 1, sealedKey, head }).run()
  return key.move()
}

function unsealAuditKey(dataKey: Buffer, sealedKey: Buffer): SecretBytes {
  try {
    return unseal(dataKey, sealedKey, auditKeyBinding)
  } catch (error) {
    if (!(error instanceof BrokenSeal)) throw error
    throw vaultDamaged(keyIsGone, error)
  }
}

function chained(entry: AuditEntry, sequence: number, at: Date): ChainedRow {
  const [before, after] = [JSON.stringify(entry.before), JSON.stringify(entry.after)]
  const { actor, action, subject } = entry
  return { sequence, at: at.toISOString(), actor, action, subject, before, after }
}

function shown({ before, after, ...row }: ChainedRow & { hash: Buffer }): AuditRow {
  const { sequence, at, actor, action, subject } = row
  const [was, is] = [JSON.parse(before) as AuditValue, JSON.parse(after) as AuditValue]
  return { sequence, at, actor, action, subject, before: was, after: is }
}
