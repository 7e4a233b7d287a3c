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
import type { VaultDatabase } from './database.ts'
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

export interface AcmeServerAccounts {
  /** Sorted by creation: at most `limit`, after the position `after`. */
  page(page: { limit: number; after?: number }): CountedAccount[]
  count(): number
  get(id: string): AcmeServerAccount | undefined
  findByThumbprint(thumbprint: string): AcmeServerAccount | undefined
  /**
   * Ties the account's binding, if any, to the account's key. Returns false, and adds nothing, if the binding
   * already belongs to another key.
   */
  add(account: AcmeServerAccount): boolean
  /** Removes the account with its former keys. Its certificates stay on record. */
  remove(id: string): void
  /**
   * Returns the account to evict: without a certificate valid at `now`; deactivated ones first, then those
   * without a binding, the longest unseen first. Undefined if each has a valid certificate.
   */
  leastUsed(now: Date): AcmeServerAccount | undefined
  /** Replaces the key of the account and its binding. The former thumbprint stays known. */
  changeKey(id: string, key: { jwk: object; thumbprint: string }): void
  /** Thumbprints of the current and former keys, latest first. */
  thumbprints(id: string): string[]
  update(id: string, values: Partial<Omit<AcmeServerAccount, 'id' | 'jwk' | 'thumbprint'>>): void
  bindings(): AcmeServerBinding[]
  /** Seals the MAC key; the caller zeroes its own copy. */
  addBinding(binding: { id: string; label: string }, macKey: Buffer): void
  /**
   * Lends the MAC key to `use`; undefined without such a binding.
   * @throws `key.unsealable` if its key does not open
   */
  withMacKey<T>(id: string, use: (macKey: Buffer) => T): T | undefined
  removeBinding(id: string): void
}

type Query = VaultDatabase['query']
const accounts = acmeServerAccountsTable

export function acmeServerAccountsOf(
  { query }: VaultDatabase,
  parts: { dataKey: () => Buffer; clock: () => Date; keyDeleted: () => void },
): AcmeServerAccounts {
  const { dataKey, clock, keyDeleted } = parts
  const bindings = acmeServerBindingsTable
  const formerKeys = acmeServerFormerKeysTable
  const { id, label, createdAt, usedAt, accountThumbprint } = bindings

  function withMacKey<T>(wanted: string, use: (macKey: Buffer) => T): T | undefined {
    const row = query.select().from(bindings).where(eq(id, wanted)).get()
    if (!row) return undefined
    const named = { sealed: row.sealed, binding: macKeyBinding(wanted), name: row.label }
    return withUnsealed(dataKey(), named, use)
  }

  function claim(wanted: string, thumbprint: string): boolean {
    const isFree = and(isNull(usedAt), isNull(accountThumbprint))
    const claimed = query
      .update(bindings)
      .set({ usedAt: clock().toISOString(), accountThumbprint: thumbprint })
      .where(and(eq(id, wanted), or(isFree, eq(accountThumbprint, thumbprint))))
      .run()
    return claimed.changes > 0
  }

  return {
    page: (wanted) => accountPage(query, wanted),
    leastUsed: (now) => leastUsedAccount(query, now),
    remove: (wanted) => void query.delete(accounts).where(eq(accounts.id, wanted)).run(),
    count: () =>
      query
        .select({ total: sql<number>`count(*)` })
        .from(accounts)
        .get()?.total ?? 0,
    get: (wanted) => query.select().from(accounts).where(eq(accounts.id, wanted)).get(),
    findByThumbprint: (thumbprint) =>
      query.select().from(accounts).where(eq(accounts.thumbprint, thumbprint)).get(),
    add: (account) =>
      query.transaction(() => {
        if (account.binding !== null && !claim(account.binding, account.thumbprint)) return false
        query.insert(accounts).values(account).run()
        return true
      }),
    update: (wanted, values) => void query.update(accounts).set(values).where(eq(accounts.id, wanted)).run(),
    changeKey(wanted, { jwk, thumbprint }) {
      const before = query.select().from(accounts).where(eq(accounts.id, wanted)).get()
      if (!before) return
      const replaced = { accountId: wanted, thumbprint: before.thumbprint, replacedAt: clock().toISOString() }
      query.insert(formerKeys).values(replaced).run()
      query.update(accounts).set({ jwk, thumbprint }).where(eq(accounts.id, wanted)).run()
      const ofFormerKey = eq(accountThumbprint, before.thumbprint)
      query.update(bindings).set({ accountThumbprint: thumbprint }).where(ofFormerKey).run()
    },
    thumbprints(wanted) {
      const current = query.select().from(accounts).where(eq(accounts.id, wanted)).get()
      const ofAccount = eq(formerKeys.accountId, wanted)
      const former = query.select().from(formerKeys).where(ofAccount).orderBy(desc(formerKeys.number)).all()
      return [...new Set([...(current ? [current] : []), ...former].map(({ thumbprint }) => thumbprint))]
    },
    bindings: () => query.select({ id, label, createdAt, usedAt }).from(bindings).orderBy(createdAt).all(),
    addBinding(binding, macKey) {
      const sealed = seal(dataKey(), macKey, macKeyBinding(binding.id))
      query
        .insert(bindings)
        .values({ ...binding, sealed, createdAt: clock().toISOString() })
        .run()
    },
    withMacKey,
    removeBinding(wanted) {
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
