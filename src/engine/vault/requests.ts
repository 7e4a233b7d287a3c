import { eq } from 'drizzle-orm'
import { EdgekeepError } from '../../contract/errors/registry.ts'
import type { VaultDatabase } from './database.ts'
import { requestsTable } from './schema.ts'
import { seal, withUnsealed, type SealBinding } from './seal.ts'

/** Public part of a CSR whose key is sealed here. */
export type RequestRow = Omit<typeof requestsTable.$inferSelect, 'sealed'>

/** Pending CSRs. Their keys are lent like all keys. */
export interface RequestTable {
  /** Sorted by creation. */
  list(): RequestRow[]
  get(id: string): RequestRow | undefined
  findByKey(spkiSha256: string): RequestRow | undefined
  /** Seals the key; the caller zeroes its own copy. */
  add(row: Omit<RequestRow, 'createdAt'>, keyPem: Buffer): void
  /**
   * Lends the key to `use` and zeroes it afterwards.
   * @throws `key.unsealable`
   */
  withKey<T>(row: RequestRow, use: (keyPem: Buffer) => T): T
  /** Erases the request and its key. */
  remove(id: string): void
}

export function requestTableOf(
  { query }: VaultDatabase,
  parts: { dataKey: () => Buffer; clock: () => Date; keyDeleted: () => void },
): RequestTable {
  const { dataKey, clock, keyDeleted } = parts
  const { sealed: _sealed, ...shown } = columnsOf()

  function withKey<T>(row: RequestRow, use: (keyPem: Buffer) => T): T {
    const { sealed } = requestsTable
    const found = query.select({ sealed }).from(requestsTable).where(eq(requestsTable.id, row.id)).get()
    if (!found) throw new EdgekeepError('key.unsealable', { name: row.title })
    const named = { sealed: found.sealed, binding: requestBinding(row), name: row.title }
    return withUnsealed(dataKey(), named, use)
  }

  return {
    list: () => query.select(shown).from(requestsTable).orderBy(requestsTable.createdAt).all(),
    get: (id) => query.select(shown).from(requestsTable).where(eq(requestsTable.id, id)).get(),
    findByKey: (spki) =>
      query.select(shown).from(requestsTable).where(eq(requestsTable.spkiSha256, spki)).get(),
    add(row, keyPem) {
      const sealed = seal(dataKey(), keyPem, requestBinding(row))
      const createdAt = clock().toISOString()
      query
        .insert(requestsTable)
        .values({ ...row, sealed, createdAt })
        .run()
    },
    withKey,
    remove(id) {
      query.delete(requestsTable).where(eq(requestsTable.id, id)).run()
      keyDeleted()
    },
  }
}

export function requestBinding({ id, spkiSha256 }: { id: string; spkiSha256: string }): SealBinding {
  return { table: 'requests', row: id, spkiSha256 }
}

function columnsOf() {
  const { id, title, names, keyType, request, spkiSha256, sealed, createdAt } = requestsTable
  return { id, title, names, keyType, request, spkiSha256, sealed, createdAt }
}
