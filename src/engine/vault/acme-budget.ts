import { and, desc, eq, gt, isNotNull, isNull, lte, ne, sql } from 'drizzle-orm'
import type { VaultDatabase } from './database.ts'
import { issuedTable } from './schema.ts'

/**
 * Byte budget for certificates of ACME clients, who may request any number: some 3,500 of one name, or 250 of
 * 100 long ones. `ofRow`: the other columns and the indexes.
 */
const defaultBytes = { total: 8 * 1024 * 1024, ofRow: 1024 }

export function acmeBudgetOf({ query }: VaultDatabase, { total, ofRow } = defaultBytes) {
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
    /** False once revoked certificates that have not expired use half of the budget. */
    canRevoke(now: Date): boolean {
      const isListed = and(ofAcme, isNotNull(revokedAt), gt(notAfter, now.toISOString()))
      return bytesOf(isListed) < total / 2
    },
  }
}
