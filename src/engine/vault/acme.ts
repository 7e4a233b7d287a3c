import { desc, eq, sql } from 'drizzle-orm'
import type { DnsSettings } from '../../contract/acme/acme.ts'
import type { RenewalMethod, RenewalState } from '../../contract/issuing/renewal.ts'
import { echoOf } from '../../domain/echo.ts'
import { EdgekeepError } from '../../contract/errors/registry.ts'
import type { VaultDatabase } from './database.ts'
import { acmeAccountsTable, acmeFormerKeysTable, dnsMethodsTable, renewalsTable } from './schema.ts'
import { seal, withUnsealed, type SealBinding } from './seal.ts'

/** Account with an authority; without its sealed key. */
export type AcmeAccountRow = Omit<typeof acmeAccountsTable.$inferSelect, 'sealed'>
export type DnsMethodRow = Omit<typeof dnsMethodsTable.$inferSelect, 'sealed'>
export interface RenewalRow {
  certificateId: string
  /** Null: the local authority, or none (an uploaded certificate with only a reminder). */
  accountId: string | null
  method: RenewalMethod
  state: RenewalState
}

export interface AcmeAccountTable {
  list(): AcmeAccountRow[]
  /**
   * Finds an account by id or name.
   * @throws `acme.account_not_found`
   */
  find(reference: string): AcmeAccountRow
  /**
   * The caller zeroes its copy of the key.
   * @throws `acme.account_name_taken`
   */
  insert(row: Omit<AcmeAccountRow, 'createdAt'>, keyPem: Buffer): void
  /** Replaces the sealed key. `formerThumbprint`: that of the previous key, which stays known. */
  setKey(id: string, key: { spkiSha256: string; keyPem: Buffer; formerThumbprint: string }): void
  /** Thumbprints of the account's former keys, latest first. */
  formerThumbprints(id: string): string[]
  remove(id: string): void
  /**
   * Lends the account's key and zeroes it afterwards.
   * @throws `key.unsealable`
   */
  withKey<T>(id: string, use: (keyPem: Buffer) => T): T
}

export interface DnsMethodTable {
  list(): DnsMethodRow[]
  /**
   * Finds a DNS method by id or name.
   * @throws `acme.dns_not_found`
   */
  find(reference: string): DnsMethodRow
  /** `secret` null: none; the caller zeroes its copy. */
  insert(row: Omit<DnsMethodRow, 'createdAt'>, secret: Buffer | null): void
  setWait(id: string, waitSeconds: number): void
  remove(id: string): void
  /**
   * Lends the secret and zeroes it afterwards.
   * @throws `key.unsealable` if there is none or it does not open
   */
  withSecret<T>(id: string, use: (secret: Buffer) => T): T
}

export interface RenewalTable {
  list(): RenewalRow[]
  get(certificateId: string): RenewalRow | undefined
  put(row: RenewalRow): void
  remove(certificateId: string): void
}

interface AcmeTables {
  accounts: AcmeAccountTable
  dns: DnsMethodTable
  renewals: RenewalTable
}

interface Parts {
  dataKey: () => Buffer
  clock: () => Date
  keyDeleted: () => void
}

export function acmeTableOf(database: VaultDatabase, parts: Parts): AcmeTables {
  return {
    accounts: accountTableOf(database, parts),
    dns: dnsTableOf(database, parts),
    renewals: renewalTableOf(database),
  }
}

function accountTableOf({ query }: VaultDatabase, { dataKey, clock, keyDeleted }: Parts): AcmeAccountTable {
  const accountRows = () => query.select().from(acmeAccountsTable).orderBy(acmeAccountsTable.createdAt).all()

  function account(reference: string) {
    const found = accountRows().find(({ id, name }) => id === reference || name === reference)
    if (!found) throw new EdgekeepError('acme.account_not_found', { reference: echoOf(reference) })
    return found
  }

  return {
    list: () => accountRows().map(withoutSeal),
    find: (reference) => withoutSeal(account(reference)),
    insert(row, keyPem) {
      requireFree(accountRows(), row.name)
      const sealed = seal(dataKey(), keyPem, accountBinding(row))
      query
        .insert(acmeAccountsTable)
        .values({ ...row, sealed, createdAt: clock().toISOString() })
        .run()
    },
    setKey(id, { spkiSha256, keyPem, formerThumbprint: thumbprint }) {
      const replaced = { accountId: id, thumbprint, replacedAt: clock().toISOString() }
      query.insert(acmeFormerKeysTable).values(replaced).run()
      const sealed = seal(dataKey(), keyPem, accountBinding({ id, spkiSha256 }))
      query.update(acmeAccountsTable).set({ spkiSha256, sealed }).where(eq(acmeAccountsTable.id, id)).run()
      keyDeleted()
    },
    formerThumbprints: (id) =>
      query
        .select()
        .from(acmeFormerKeysTable)
        .where(eq(acmeFormerKeysTable.accountId, id))
        .orderBy(desc(acmeFormerKeysTable.number))
        .all()
        .map(({ thumbprint }) => thumbprint),
    remove(id) {
      query.delete(acmeAccountsTable).where(eq(acmeAccountsTable.id, id)).run()
      keyDeleted()
    },
    withKey(id, use) {
      const row = account(id)
      return withUnsealed(dataKey(), { ...row, binding: accountBinding(row) }, use)
    },
  }
}

function dnsTableOf({ query }: VaultDatabase, { dataKey, clock, keyDeleted }: Parts): DnsMethodTable {
  const dnsRows = () => query.select().from(dnsMethodsTable).orderBy(dnsMethodsTable.createdAt).all()

  function dnsMethod(reference: string) {
    const found = dnsRows().find(({ id, name }) => id === reference || name === reference)
    if (!found) throw new EdgekeepError('acme.dns_not_found', { reference: echoOf(reference) })
    return found
  }

  return {
    list: () => dnsRows().map(withoutSeal),
    find: (reference) => withoutSeal(dnsMethod(reference)),
    insert(row, secret) {
      requireFree(dnsRows(), row.name)
      const sealed = secret && seal(dataKey(), secret, dnsBinding(row))
      query
        .insert(dnsMethodsTable)
        .values({ ...row, sealed, createdAt: clock().toISOString() })
        .run()
    },
    setWait(id, waitSeconds) {
      query.update(dnsMethodsTable).set({ waitSeconds }).where(eq(dnsMethodsTable.id, id)).run()
    },
    remove(id) {
      query.delete(dnsMethodsTable).where(eq(dnsMethodsTable.id, id)).run()
      keyDeleted()
    },
    withSecret(id, use) {
      const row = dnsMethod(id)
      return withUnsealed(dataKey(), { ...row, binding: dnsBinding(row) }, use)
    },
  }
}

function renewalTableOf({ query }: VaultDatabase): RenewalTable {
  const renewalOf = query
    .select()
    .from(renewalsTable)
    .where(eq(renewalsTable.certificateId, sql.placeholder('id')))
    .prepare()
  return {
    list: () => query.select().from(renewalsTable).all(),
    get: (id) => renewalOf.get({ id }),
    put(row) {
      const { certificateId: _, ...set } = row
      const insert = query.insert(renewalsTable).values(row)
      insert.onConflictDoUpdate({ target: renewalsTable.certificateId, set }).run()
    },
    remove: (id) => void query.delete(renewalsTable).where(eq(renewalsTable.certificateId, id)).run(),
  }
}

function requireFree(rows: { name: string }[], name: string): void {
  if (rows.some((row) => row.name === name)) throw new EdgekeepError('acme.account_name_taken', { name })
}

function withoutSeal<T extends { sealed: unknown }>({ sealed: _, ...row }: T): Omit<T, 'sealed'> {
  return row
}

/** Associated data that binds an account's sealed key to its row. */
export function accountBinding({ id, spkiSha256 }: { id: string; spkiSha256: string }): SealBinding {
  return { table: 'acme_accounts', row: id, spkiSha256 }
}

/** Associated data that binds a DNS method's sealed secret to its row and to its server. */
export function dnsBinding({ id, settings }: { id: string; settings: DnsSettings }): SealBinding {
  return { table: 'dns_methods', row: `${id} ${JSON.stringify(settings)}`, spkiSha256: '' }
}
