import {
  and,
  count,
  desc,
  eq,
  getTableColumns,
  gt,
  inArray,
  isNotNull,
  isNull,
  lt,
  lte,
  ne,
  sql,
} from 'drizzle-orm'
import { lookUp, type VaultDatabase } from './database.ts'
import { certificatesTable, issuedTable, lastRevocationListsTable } from './schema.ts'

/** Certificate that the local authority signed; public parts only. */
export type IssuedRow = typeof issuedTable.$inferSelect

/** Last CRL (DER) of an intermediate that signs no more, and that intermediate. */
export type LastRevocationList = typeof lastRevocationListsTable.$inferSelect

/** Retention of expired certificates; a responder need not know them any more. */
const retentionAfterExpiryMs = 90 * 86_400_000

export function issuedTableOf(database: VaultDatabase, clock: () => Date) {
  const { query } = database
  const budget = acmeBudgetOf(database)
  const { serial, fingerprintSha256, issuerSpkiSha256, notAfter, accountId } = issuedTable
  const place = sql<number>`rowid`
  const newest = query.select().from(issuedTable).orderBy(desc(place)).prepare()
  const ofIssuer = (spki: string) => eq(issuerSpkiSha256, spki)

  return {
    /** Adds all or none. Also removes certificates of ACME clients beyond their budget. */
    addAll: (rows: readonly Omit<IssuedRow, 'issuedAt' | 'revokedAt' | 'revocationReason'>[]): void =>
      query.transaction(() => {
        const now = clock()
        for (const row of rows) {
          const values = { ...row, issuedAt: now.toISOString() }
          query.insert(issuedTable).values(values).run()
          if (row.source === 'acme') budget.keep(row.serial, now)
        }
      }),
    /** Newest first. */
    list: (): IssuedRow[] => newest.all(),
    /** Newest first: at most `limit`, after the position `after`. */
    page({ limit, after }: { limit: number; after?: number }): (IssuedRow & { place: number })[] {
      const rows = query.select({ ...getTableColumns(issuedTable), place }).from(issuedTable)
      const older = rows.where(after === undefined ? undefined : lt(place, after))
      return older.orderBy(desc(place)).limit(limit).all()
    },
    countOf(id: string): number {
      const counted = query.select({ total: count() }).from(issuedTable).where(eq(accountId, id))
      return counted.get()?.total ?? 0
    },
    /** False once revoked certificates that have not expired use half of the budget of ACME clients. */
    canRevokeForAcme: (): boolean => budget.canRevoke(clock()),
    get: lookUp(database, issuedTable, serial),
    findByFingerprint: lookUp(database, issuedTable, fingerprintSha256),
    /** Revoked certificates that one key signed. */
    revokedBy(spki: string): IssuedRow[] {
      const isRevoked = and(ofIssuer(spki), isNotNull(issuedTable.revokedAt))
      return query.select().from(issuedTable).where(isRevoked).all()
    },
    /** Also marks the vault's own copy of the certificate, if any. */
    revoke(revoked: string, at: Date, revocationReason: number): void {
      const revokedAt = at.toISOString()
      const named = eq(serial, revoked)
      query.update(issuedTable).set({ revokedAt, revocationReason }).where(named).run()
      const fingerprints = query.select({ one: fingerprintSha256 }).from(issuedTable).where(named)
      const isCopy = inArray(certificatesTable.fingerprintSha256, fingerprints)
      query.update(certificatesTable).set({ revokedAt }).where(isCopy).run()
    },
    /**
     * Deletes certificates whose end is past their retention at `now`. A revoked one stays while its issuer's
     * key is among `revokers`: a clock that was ahead must not lose its revocation.
     */
    prune(now: Date, revokers: string[] = []): void {
      const latest = new Date(now.getTime() - retentionAfterExpiryMs)
      const isNeeded = and(isNotNull(issuedTable.revokedAt), inArray(issuerSpkiSha256, revokers))
      const isDue = and(lt(notAfter, latest.toISOString()), sql`not (${isNeeded})`)
      query.delete(issuedTable).where(isDue).run()
    },
    /** Only for a certificate whose issuer key is gone: its revocation can no longer be published. */
    forget: (lost: string) => void query.delete(issuedTable).where(eq(serial, lost)).run(),
    /** Latest expiry among the certificates that one key signed; undefined without any. */
    lastEndOf(spki: string): string | undefined {
      const end = sql<string | null>`max(not_after)`
      return query.select({ end }).from(issuedTable).where(ofIssuer(spki)).get()?.end ?? undefined
    },
    /** Last CRL that a key signed before it was erased, by the start of the SHA-256 of its SPKI. */
    lastListNamed(start: string): LastRevocationList | undefined {
      const isNamed = eq(sql`substr(issuer_spki_sha256, 1, ${start.length})`, start)
      return query.select().from(lastRevocationListsTable).where(isNamed).get()
    },
    keepLastList(values: LastRevocationList): void {
      const lists = query.insert(lastRevocationListsTable).values(values)
      const { issuerSpkiSha256: target } = lastRevocationListsTable
      lists.onConflictDoUpdate({ target, set: { list: values.list } }).run()
    },
  }
}

/**
 * Byte budget for certificates of ACME clients, who may request any number: some 3,500 of one name, or 250 of
 * 100 long ones. `ofRow`: the other columns and the indexes.
 */
const defaultBytes = { total: 8 * 1024 * 1024, ofRow: 1024 }

function acmeBudgetOf({ query }: VaultDatabase, { total, ofRow } = defaultBytes) {
  const { accountId, serial, notAfter, revokedAt, source, certificatePem } = issuedTable
  const ofAcme = eq(source, 'acme')
  // `octet_length` reads only the header of a row.
  const bytes = sql<number>`coalesce(sum(octet_length(${certificatePem}) + ${ofRow}), 0)`
  const bytesOf = (which: ReturnType<typeof and>) =>
    query.select({ bytes }).from(issuedTable).where(which).get()?.bytes ?? 0

  function oldestOfMost(newest: string): string | undefined {
    const mayGo = and(ofAcme, isNull(revokedAt), ne(serial, newest))
    const byAccount = query.select({ accountId }).from(issuedTable).where(mayGo).groupBy(accountId)
    const most = byAccount.orderBy(desc(bytes)).limit(1).get()?.accountId ?? ''
    const rows = query
      .select({ serial })
      .from(issuedTable)
      .where(and(mayGo, eq(accountId, most)))
    const [oldest] = rows
      .orderBy(sql`rowid`)
      .limit(1)
      .all()
    return oldest?.serial
  }

  return {
    /**
     * Removes certificates of ACME clients beyond the budget: expired ones, then the oldest of the client
     * with the most, but never `newest`. Revoked ones stay until they expire, since the CRL lists them.
     */
    keep(newest: string, now: Date): void {
      if (bytesOf(ofAcme) <= total) return
      const isExpired = lte(notAfter, now.toISOString())
      query.delete(issuedTable).where(and(ofAcme, isExpired)).run()
      while (bytesOf(ofAcme) > total) {
        const oldest = oldestOfMost(newest)
        if (oldest === undefined) return
        query.delete(issuedTable).where(eq(serial, oldest)).run()
      }
    },
    canRevoke(now: Date): boolean {
      const isListed = and(ofAcme, isNotNull(revokedAt), gt(notAfter, now.toISOString()))
      return bytesOf(isListed) < total / 2
    },
  }
}
