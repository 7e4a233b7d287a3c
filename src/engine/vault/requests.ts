import { eq, getTableColumns } from 'drizzle-orm'
import type { SealedTableParts, VaultDatabase } from './database.ts'
import { requestsTable } from './schema.ts'
import { seal, withUnsealed, type SealBinding } from './seal.ts'

/** Public part of a CSR whose key is sealed here. */
export type RequestRow = Omit<typeof requestsTable.$inferSelect, 'sealed'>
/** Pending CSRs. Their keys are lent like all keys. */
export function requestTableOf({ query }: VaultDatabase, { dataKey, clock, keyDeleted }: SealedTableParts) {
  const { sealed, ...shown } = getTableColumns(requestsTable)
  const { id, spkiSha256, createdAt } = requestsTable
  const rows = () => query.select(shown).from(requestsTable)

  return {
    /** Sorted by creation. */
    list: (): RequestRow[] => rows().orderBy(createdAt).all(),
    get: (wanted: string): RequestRow | undefined => rows().where(eq(id, wanted)).get(),
    findByKey: (spki: string): RequestRow | undefined => rows().where(eq(spkiSha256, spki)).get(),
    add(row: Omit<RequestRow, 'createdAt'>, keyPem: Buffer): void {
      const sealedKey = seal(dataKey(), keyPem, requestBinding(row))
      const values = { ...row, sealed: sealedKey, createdAt: clock().toISOString() }
      query.insert(requestsTable).values(values).run()
    },
    /**
     * Lends the key to `use` and wipes it afterwards.
     * @throws `key.unsealable`
     */
    withKey<T>(row: RequestRow, use: (keyPem: Buffer) => T): T {
      const found = query.select({ sealed }).from(requestsTable).where(eq(id, row.id)).get()
      const named = { sealed: found?.sealed ?? null, binding: requestBinding(row), name: row.title }
      return withUnsealed(dataKey(), named, use)
    },
    remove(wanted: string): void {
      query.delete(requestsTable).where(eq(id, wanted)).run()
      keyDeleted()
    },
  }
}

export function requestBinding({ id, spkiSha256 }: { id: string; spkiSha256: string }): SealBinding {
  return { table: 'requests', row: id, spkiSha256 }
}
