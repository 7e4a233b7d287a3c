import {
  and,
  count,
  desc,
  eq,
  getTableColumns,
  gt,
  isNotNull,
  isNull,
  notInArray,
  or,
  sql,
} from 'drizzle-orm'
import { lookUp, type SealedTableParts, type VaultDatabase } from './database.ts'
import {
  acmeServerAccountsTable,
  acmeServerBindingsTable,
  acmeServerFormerKeysTable,
  issuedTable,
} from './schema.ts'
import { seal, withUnsealed, type SealBinding } from './seal.ts'

/** Account of the ACME server: a public key and data from its client. */
export type AcmeServerAccount = typeof acmeServerAccountsTable.$inferSelect
/** External account binding without its sealed MAC key. */
export type AcmeServerBinding = Pick<
  typeof acmeServerBindingsTable.$inferSelect,
  'id' | 'label' | 'createdAt' | 'usedAt'
>

/** Account with its position in the list and the number of its certificates on record. */
export type CountedAccount = AcmeServerAccount & { place: number; certificates: number }

type Query = VaultDatabase['query']
const accounts = acmeServerAccountsTable
const bindings = acmeServerBindingsTable
const formerKeys = acmeServerFormerKeysTable

export function acmeServerAccountsOf(
  database: VaultDatabase,
  { dataKey, clock, keyDeleted }: SealedTableParts,
) {
  const { query } = database
  const { id, label, createdAt, usedAt, accountThumbprint } = bindings
  const get = lookUp(database, accounts, accounts.id)

  function claim(wanted: string, thumbprint: string): boolean {
    const isFree = and(isNull(usedAt), isNull(accountThumbprint))
    const set = { usedAt: clock().toISOString(), accountThumbprint: thumbprint }
    const mayClaim = and(eq(id, wanted), or(isFree, eq(accountThumbprint, thumbprint)))
    return query.update(bindings).set(set).where(mayClaim).run().changes > 0
  }

  return {
    /** Sorted by creation: at most `limit`, after the position `after`. */
    page: (wanted: { limit: number; after?: number }) => accountPage(query, wanted),
    count: (): number => query.select({ total: count() }).from(accounts).get()?.total ?? 0,
    get,
    findByThumbprint: lookUp(database, accounts, accounts.thumbprint),
    /**
     * Ties the account's binding, if any, to the account's key. Returns false, and adds nothing, if the
     * binding already belongs to another key.
     */
    add: (account: AcmeServerAccount): boolean =>
      query.transaction(() => {
        if (account.binding !== null && !claim(account.binding, account.thumbprint)) return false
        query.insert(accounts).values(account).run()
        return true
      }),
    /** Removes the account with its former keys. Its certificates stay on record. */
    remove: (wanted: string) => void query.delete(accounts).where(eq(accounts.id, wanted)).run(),
    /**
     * Returns the account to evict: without a certificate valid at `now`; deactivated ones first, then those
     * without a binding, the longest unseen first. Undefined if each has a valid certificate.
     */
    leastUsed: (now: Date) => leastUsedAccount(query, now),
    /** Replaces the key of the account and its binding. The former thumbprint stays known. */
    changeKey(wanted: string, { jwk, thumbprint }: { jwk: object; thumbprint: string }): void {
      const before = get(wanted)
      if (!before) return
      const replaced = { accountId: wanted, thumbprint: before.thumbprint, replacedAt: clock().toISOString() }
      query.insert(formerKeys).values(replaced).run()
      query.update(accounts).set({ jwk, thumbprint }).where(eq(accounts.id, wanted)).run()
      const ofFormerKey = eq(accountThumbprint, before.thumbprint)
      query.update(bindings).set({ accountThumbprint: thumbprint }).where(ofFormerKey).run()
    },
    /** Thumbprints of the current and former keys, latest first. */
    thumbprints(wanted: string): string[] {
      const current = get(wanted)
      const ofAccount = eq(formerKeys.accountId, wanted)
      const former = query.select().from(formerKeys).where(ofAccount).orderBy(desc(formerKeys.number)).all()
      return [...new Set([...(current ? [current] : []), ...former].map(({ thumbprint }) => thumbprint))]
    },
    update(wanted: string, values: Partial<Omit<AcmeServerAccount, 'id' | 'jwk' | 'thumbprint'>>): void {
      query.update(accounts).set(values).where(eq(accounts.id, wanted)).run()
    },
    bindings: (): AcmeServerBinding[] =>
      query.select({ id, label, createdAt, usedAt }).from(bindings).orderBy(createdAt).all(),
    addBinding(binding: { id: string; label: string }, macKey: Buffer): void {
      const sealed = seal(dataKey(), macKey, macKeyBinding(binding.id))
      const values = { ...binding, sealed, createdAt: clock().toISOString() }
      query.insert(bindings).values(values).run()
    },
    /**
     * Lends the MAC key to `use`; undefined without such a binding.
     * @throws `key.unsealable` if its key does not open
     */
    withMacKey<T>(wanted: string, use: (macKey: Buffer) => T): T | undefined {
      const row = query.select().from(bindings).where(eq(id, wanted)).get()
      if (!row) return undefined
      const secret = { sealed: row.sealed, binding: macKeyBinding(wanted), name: row.label }
      return withUnsealed(dataKey(), secret, use)
    },
    removeBinding(wanted: string): void {
      query.delete(bindings).where(eq(id, wanted)).run()
      keyDeleted()
    },
  }
}

function accountPage(
  query: Query,
  { limit, after = 0 }: { limit: number; after?: number },
): CountedAccount[] {
  const { accountId } = issuedTable
  const counted = query
    .select({ accountId, certificates: count().as('certificates') })
    .from(issuedTable)
    .where(isNotNull(accountId))
    .groupBy(accountId)
    .as('counted')
  const place = sql<number>`${accounts}.rowid`
  return query
    .select({
      ...getTableColumns(accounts),
      place,
      certificates: sql<number>`coalesce(${counted.certificates}, 0)`,
    })
    .from(accounts)
    .leftJoin(counted, eq(counted.accountId, accounts.id))
    .where(gt(place, after))
    .orderBy(place)
    .limit(limit)
    .all()
}

function leastUsedAccount(query: Query, now: Date): AcmeServerAccount | undefined {
  const { accountId, revokedAt, notAfter } = issuedTable
  const isValid = and(isNotNull(accountId), isNull(revokedAt), gt(notAfter, now.toISOString()))
  const served = query.select({ accountId }).from(issuedTable).where(isValid)
  return query
    .select()
    .from(accounts)
    .where(notInArray(accounts.id, served))
    .orderBy(sql`${accounts.status} = 'valid'`, sql`${accounts.binding} IS NOT NULL`, accounts.seenAt)
    .limit(1)
    .get()
}

/** Associated data that binds a sealed MAC key to its identifier. */
export function macKeyBinding(id: string): SealBinding {
  return { table: 'acme_server_bindings', row: id, spkiSha256: '' }
}
