import { desc, eq } from 'drizzle-orm'
import type { DnsSettings } from '../../contract/acme/acme.ts'
import type { RenewalMethod, RenewalState } from '../../contract/issuing/renewal.ts'
import { echoOf } from '../../domain/echo.ts'
import { EdgekeepError } from '../../contract/errors/registry.ts'
import { lookUp, type SealedTableParts, type VaultDatabase } from './database.ts'
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

export function accountTableOf({ query }: VaultDatabase, { dataKey, clock, keyDeleted }: SealedTableParts) {
  const rows = () => query.select().from(acmeAccountsTable).orderBy(acmeAccountsTable.createdAt).all()

  function account(reference: string) {
    const found = named(rows(), reference)
    if (!found) throw new EdgekeepError('acme.account_not_found', { reference: echoOf(reference) })
    return found
  }

  return {
    list: (): AcmeAccountRow[] => rows().map(withoutSeal),
    /**
     * Finds an account by id or name.
     * @throws `acme.account_not_found`
     */
    find: (reference: string): AcmeAccountRow => withoutSeal(account(reference)),
    /** @throws `acme.account_name_taken` */
    insert(row: Omit<AcmeAccountRow, 'createdAt'>, keyPem: Buffer): void {
      requireFree(rows(), row.name)
      const sealed = seal(dataKey(), keyPem, accountBinding(row))
      const values = { ...row, sealed, createdAt: clock().toISOString() }
      query.insert(acmeAccountsTable).values(values).run()
    },
    /** Replaces the sealed key. `formerThumbprint`: that of the previous key, which stays known. */
    setKey(id: string, key: { spkiSha256: string; keyPem: Buffer; formerThumbprint: string }): void {
      const { spkiSha256, keyPem, formerThumbprint: thumbprint } = key
      const replaced = { accountId: id, thumbprint, replacedAt: clock().toISOString() }
      query.insert(acmeFormerKeysTable).values(replaced).run()
      const sealed = seal(dataKey(), keyPem, accountBinding({ id, spkiSha256 }))
      query.update(acmeAccountsTable).set({ spkiSha256, sealed }).where(eq(acmeAccountsTable.id, id)).run()
      keyDeleted()
    },
    /** Thumbprints of the account's former keys, latest first. */
    formerThumbprints(id: string): string[] {
      const { accountId, number } = acmeFormerKeysTable
      const former = query.select().from(acmeFormerKeysTable).where(eq(accountId, id))
      return former
        .orderBy(desc(number))
        .all()
        .map(({ thumbprint }) => thumbprint)
    },
    remove(id: string): void {
      query.delete(acmeAccountsTable).where(eq(acmeAccountsTable.id, id)).run()
      keyDeleted()
    },
    /**
     * Lends the account's key and wipes it afterwards.
     * @throws `key.unsealable`
     */
    withKey<T>(id: string, use: (keyPem: Buffer) => T): T {
      const row = account(id)
      return withUnsealed(dataKey(), { ...row, binding: accountBinding(row) }, use)
    },
  }
}

export function dnsTableOf({ query }: VaultDatabase, { dataKey, clock, keyDeleted }: SealedTableParts) {
  const rows = () => query.select().from(dnsMethodsTable).orderBy(dnsMethodsTable.createdAt).all()

  function dnsMethod(reference: string) {
    const found = named(rows(), reference)
    if (!found) throw new EdgekeepError('acme.dns_not_found', { reference: echoOf(reference) })
    return found
  }

  return {
    list: (): DnsMethodRow[] => rows().map(withoutSeal),
    /**
     * Finds a DNS method by id or name.
     * @throws `acme.dns_not_found`
     */
    find: (reference: string): DnsMethodRow => withoutSeal(dnsMethod(reference)),
    /** Seals also an empty secret, which authenticates the settings. */
    insert(row: Omit<DnsMethodRow, 'createdAt'>, secret: Buffer): void {
      requireFree(rows(), row.name)
      const sealed = seal(dataKey(), secret, dnsBinding(row))
      const values = { ...row, sealed, createdAt: clock().toISOString() }
      query.insert(dnsMethodsTable).values(values).run()
    },
    setWait(id: string, waitSeconds: number): void {
      query.update(dnsMethodsTable).set({ waitSeconds }).where(eq(dnsMethodsTable.id, id)).run()
    },
    remove(id: string): void {
      query.delete(dnsMethodsTable).where(eq(dnsMethodsTable.id, id)).run()
      keyDeleted()
    },
    /**
     * Lends the secret, with the settings that it authenticates, and wipes it afterwards.
     * @throws `key.unsealable` if there is none or it does not open
     */
    withSecret<T>(id: string, use: (secret: Buffer, settings: DnsSettings) => T): T {
      const row = dnsMethod(id)
      const named = { ...row, binding: dnsBinding(row) }
      return withUnsealed(dataKey(), named, (secret) => use(secret, row.settings))
    },
  }
}

export function renewalTableOf(database: VaultDatabase) {
  const { query } = database
  const { certificateId } = renewalsTable
  return {
    list: (): RenewalRow[] => query.select().from(renewalsTable).all(),
    get: lookUp(database, renewalsTable, certificateId),
    put(row: RenewalRow): void {
      const { certificateId: _, ...set } = row
      const insert = query.insert(renewalsTable).values(row)
      insert.onConflictDoUpdate({ target: certificateId, set }).run()
    },
    remove: (id: string) => void query.delete(renewalsTable).where(eq(certificateId, id)).run(),
  }
}

function named<T extends { id: string; name: string }>(rows: T[], reference: string): T | undefined {
  return rows.find(({ id, name }) => id === reference || name === reference)
}

function requireFree(rows: { name: string }[], name: string): void {
  if (rows.some((row) => row.name === name)) throw new EdgekeepError('acme.account_name_taken', { name })
}

function withoutSeal<T extends { sealed: unknown }>({ sealed: _, ...row }: T): Omit<T, 'sealed'> {
  return row
}

export function accountBinding({ id, spkiSha256 }: { id: string; spkiSha256: string }): SealBinding {
  return { table: 'acme_accounts', row: id, spkiSha256 }
}

/** Associated data that binds a DNS method's sealed secret to its row and to its server. */
export function dnsBinding({ id, settings }: { id: string; settings: DnsSettings }): SealBinding {
  return { table: 'dns_methods', row: `${id} ${JSON.stringify(settings)}`, spkiSha256: '' }
}
