import { and, count, desc, eq, getTableColumns, inArray, isNotNull, lt, sql } from 'drizzle-orm'
import { acmeBudgetOf } from './acme-budget.ts'
import type { VaultDatabase } from './database.ts'
import { certificatesTable, issuedTable, lastRevocationListsTable } from './schema.ts'

/** Certificate that the local authority signed; public parts only. */
export type IssuedRow = typeof issuedTable.$inferSelect

/** Last CRL (DER) of an intermediate that signs no more, and that intermediate. */
export type LastRevocationList = typeof lastRevocationListsTable.$inferSelect

/** Retention of expired certificates; a responder need not know them any more. */
const retentionAfterExpiryMs = 90 * 86_400_000

export interface IssuedTable {
  /**
   * Also removes, beyond the budget of ACME clients, certificates of the client with the most: expired ones,
   * then its oldest. Revoked ones stay until they expire, since the CRL must list them.
   */
  add(row: Omit<IssuedRow, 'issuedAt' | 'revokedAt' | 'revocationReason'>): void
  /** Newest first. */
  list(): IssuedRow[]
  /** Newest first: at most `limit`, after the position `after`. */
  page(page: { limit: number; after?: number }): (IssuedRow & { place: number })[]
  countOf(accountId: string): number
  /** False once revoked certificates that have not expired use half of the budget of ACME clients. */
  canRevokeForAcme(): boolean
  get(serial: string): IssuedRow | undefined
  findByFingerprint(sha256: string): IssuedRow | undefined
  /** Revoked certificates that one key signed. */
  revokedBy(issuerSpkiSha256: string): IssuedRow[]
  /** Also marks the vault's own copy of the certificate, if any. */
  revoke(serial: string, at: Date, reason: number): void
  /**
   * Deletes certificates whose end is past their retention at `now`. A revoked one stays while its issuer's
   * key `signing` answers for it: a clock that was ahead must not lose its revocation.
   */
  prune(now: Date, signing: string | undefined): void
  /** Only for a certificate whose issuer key is gone: its revocation can no longer be published. */
  forget(serial: string): void
  /** Latest expiry among the certificates that one key signed; undefined without any. */
  lastEndOf(issuerSpkiSha256: string): string | undefined
  /** Last CRL that a key signed before it was erased, by the start of the SHA-256 of its SPKI. */
  lastListNamed(start: string): LastRevocationList | undefined
  keepLastList(list: LastRevocationList): void
}

export function issuedTableOf(database: VaultDatabase, clock: () => Date): IssuedTable {
  const { query } = database
  const budget = acmeBudgetOf(database)
  const all = query
    .select()
    .from(issuedTable)
    .orderBy(desc(sql`rowid`))
    .prepare()
  const one = (column: typeof issuedTable.serial | typeof issuedTable.fingerprintSha256, value: string) =>
    query.select().from(issuedTable).where(eq(column, value)).get()
  const ofIssuer = (spki: string) => eq(issuedTable.issuerSpkiSha256, spki)

  function add(row: Omit<IssuedRow, 'issuedAt' | 'revokedAt' | 'revocationReason'>): void {
    const now = clock()
    const issuedAt = now.toISOString()
    query
      .insert(issuedTable)
      .values({ ...row, issuedAt })
      .run()
    if (row.source === 'acme') budget.keep(row.serial, now)
  }

  function prune(now: Date, signing = ''): void {
    const endedBefore = lt(
      issuedTable.notAfter,
      new Date(now.getTime() - retentionAfterExpiryMs).toISOString(),
    )
    const isNeeded = and(isNotNull(issuedTable.revokedAt), ofIssuer(signing))
    query
      .delete(issuedTable)
      .where(and(endedBefore, sql`not (${isNeeded})`))
      .run()
  }

  function revoke(serial: string, at: Date, revocationReason: number): void {
    const revokedAt = at.toISOString()
    const named = eq(issuedTable.serial, serial)
    query.update(issuedTable).set({ revokedAt, revocationReason }).where(named).run()
    const fingerprints = query.select({ one: issuedTable.fingerprintSha256 }).from(issuedTable).where(named)
    query
      .update(certificatesTable)
      .set({ revokedAt })
      .where(inArray(certificatesTable.fingerprintSha256, fingerprints))
      .run()
  }

  function keepLastList(values: LastRevocationList): void {
    const lists = query.insert(lastRevocationListsTable).values(values)
    lists
      .onConflictDoUpdate({ target: lastRevocationListsTable.issuerSpkiSha256, set: { list: values.list } })
      .run()
  }

  return {
    add,
    list: () => all.all(),
    page({ limit, after }) {
      const place = sql<number>`rowid`
      const rows = query.select({ ...getTableColumns(issuedTable), place }).from(issuedTable)
      return rows
        .where(after === undefined ? undefined : lt(place, after))
        .orderBy(desc(place))
        .limit(limit)
        .all()
    },
    countOf: (accountId) =>
      query.select({ total: count() }).from(issuedTable).where(eq(issuedTable.accountId, accountId)).get()
        ?.total ?? 0,
    canRevokeForAcme: () => budget.canRevoke(clock()),
    get: (serial) => one(issuedTable.serial, serial),
    findByFingerprint: (sha256) => one(issuedTable.fingerprintSha256, sha256),
    revokedBy: (spki) =>
      query
        .select()
        .from(issuedTable)
        .where(and(ofIssuer(spki), isNotNull(issuedTable.revokedAt)))
        .all(),
    revoke,
    prune,
    forget: (serial) => void query.delete(issuedTable).where(eq(issuedTable.serial, serial)).run(),
    lastEndOf: (spki) =>
      query
        .select({ end: sql<string | null>`max(not_after)` })
        .from(issuedTable)
        .where(ofIssuer(spki))
        .get()?.end ?? undefined,
    lastListNamed: (start) =>
      query
        .select()
        .from(lastRevocationListsTable)
        .where(eq(sql`substr(issuer_spki_sha256, 1, ${start.length})`, start))
        .get(),
    keepLastList,
  }
}
