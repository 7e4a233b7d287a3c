import { hash } from 'node:crypto'
import { eq } from 'drizzle-orm'
import type { SealedTableParts, VaultDatabase } from './database.ts'
import { targetKeysTable } from './schema.ts'
import { seal, type SealBinding, withUnsealed } from './seal.ts'

/** Keys by which Edgekeep logs in at the servers of targets, by the target's name. */
export function targetKeyTableOf({ query }: VaultDatabase, { dataKey, clock, keyDeleted }: SealedTableParts) {
  const table = targetKeysTable
  const { id, publicKey } = table
  const ofTarget = (target: string) => eq(id, target)

  return {
    /** Public key in the format of SSH (RFC 4253, section 6.6); undefined for a target without a key. */
    publicKey: (target: string): Buffer | undefined =>
      query.select({ publicKey }).from(table).where(ofTarget(target)).get()?.publicKey,
    add(row: { id: string; publicKey: Buffer }, keyPem: Buffer): void {
      const sealed = seal(dataKey(), keyPem, targetKeyBinding(row))
      query
        .insert(table)
        .values({ ...row, sealed, createdAt: clock().toISOString() })
        .run()
    },
    /**
     * Lends the key to `use` and wipes it afterwards.
     * @throws `key.unsealable` if there is none or it does not open
     */
    withKey<T>(target: string, use: (keyPem: Buffer) => T): T {
      const row = query.select().from(table).where(ofTarget(target)).get()
      const binding = targetKeyBinding(row ?? { id: target, publicKey: Buffer.alloc(0) })
      return withUnsealed(dataKey(), { sealed: row?.sealed ?? null, binding, name: target }, use)
    },
    remove(target: string): void {
      if (query.delete(table).where(ofTarget(target)).run().changes > 0) keyDeleted()
    },
  }
}

/** Associated data that binds a key to its target and to its public half. */
export function targetKeyBinding(row: { id: string; publicKey: Buffer }): SealBinding {
  return { table: 'target_keys', row: row.id, spkiSha256: hash('sha256', row.publicKey) }
}
