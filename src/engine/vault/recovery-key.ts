import { vaultDamaged } from './failures.ts'
import { createHash } from 'node:crypto'
import { EdgekeepError } from '../../contract/errors/registry.ts'
import type { VaultDatabase } from './database.ts'
import { recoveryKeyTable } from './schema.ts'
import { BrokenSeal, seal, unseal, type SealBinding } from './seal.ts'

const wasChanged = 'the record of its recovery key was changed'

export const recoveryKeyBinding: SealBinding = { table: 'recovery_key', row: '1', spkiSha256: '' }

export type RecoveryKeyTable = ReturnType<typeof recoveryKeyTableOf>

export function recoveryKeyTableOf({ query }: VaultDatabase, dataKey: () => Buffer, clock: () => Date) {
  /** Returns the copy in the clear, readable while the vault is locked. `publicKey`: 32 bytes, X25519. */
  const get = (): { publicKey: Buffer; setAt: string; sealed: Buffer } | undefined =>
    query.select().from(recoveryKeyTable).get()

  return {
    get,
    /**
     * Returns the backups' public key from the sealed copy, which only this vault can have written.
     * @throws `recovery.missing`, `vault.locked` and `vault.damaged`
     */
    sealedPublicKey(): Buffer {
      const key = dataKey()
      const found = get()
      if (!found) throw new EdgekeepError('recovery.missing', {})
      const publicKey = opened(key, found.sealed)
      if (!publicKey.equals(found.publicKey)) throw vaultDamaged(wasChanged)
      return publicKey
    },
    set(publicKey: Buffer): void {
      const sealed = seal(dataKey(), publicKey, recoveryKeyBinding)
      const values = { publicKey, sealed, setAt: clock().toISOString() }
      const insert = query.insert(recoveryKeyTable).values({ id: 1, ...values })
      insert.onConflictDoUpdate({ target: recoveryKeyTable.id, set: values }).run()
    },
  }
}

/** Short identifier for people: the first eight hex digits of the SHA-256 of the public key. */
export function recoveryKeyId(publicKey: Uint8Array): string {
  return createHash('sha256').update(publicKey).digest('hex').slice(0, 8)
}

function opened(dataKey: Buffer, sealed: Buffer): Buffer {
  try {
    return unseal(dataKey, sealed, recoveryKeyBinding).bytes
  } catch (error) {
    throw error instanceof BrokenSeal ? vaultDamaged(wasChanged, error) : error
  }
}
