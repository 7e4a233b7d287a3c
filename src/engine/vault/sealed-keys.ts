import { eq, sql } from 'drizzle-orm'
import { echoOf } from '../../domain/echo.ts'
import { EdgekeepError } from '../../contract/errors/registry.ts'
import { lookUp, type VaultDatabase } from './database.ts'
import { certificatesTable, sealedKeysTable } from './schema.ts'
import { seal, withUnsealed, type SealBinding } from './seal.ts'

/**
 * Reads the public key from the certificate's own row when sealing and opening, so that a sealed key opens
 * only beside its certificate.
 */
export function sealedKeyTable(database: VaultDatabase, dataKey: () => Buffer) {
  const { query } = database
  const { id, name, spkiSha256 } = certificatesTable
  const owners = query.select({ id, name, spkiSha256 }).from(certificatesTable)
  const ownerOf = owners.where(eq(id, sql.placeholder('id'))).prepare()
  const keyOf = lookUp(database, sealedKeysTable, sealedKeysTable.certificateId)

  function certificate(wanted: string) {
    const found = ownerOf.get({ id: wanted })
    if (!found) throw new EdgekeepError('certificate.not_found', { reference: echoOf(wanted) })
    return found
  }

  return {
    /** @throws `certificate.not_found`, and `key.mismatch` if the key belongs to another certificate */
    sealKey(certificateId: string, keySpkiSha256: string, keyPem: Buffer): void {
      const owner = certificate(certificateId)
      const certificateSpkiSha256 = owner.spkiSha256
      if (certificateSpkiSha256 !== keySpkiSha256)
        throw new EdgekeepError('key.mismatch', { certificateSpkiSha256, keySpkiSha256 })
      const sealed = seal(dataKey(), keyPem, keyBinding(owner))
      query.insert(sealedKeysTable).values({ certificateId, sealed }).run()
    },
    /**
     * Lends the key to `use` and wipes it at the end (settled, for a promise).
     * @throws `certificate.not_found`, and `key.unsealable` if there is none or it does not open
     */
    withKey<T>(certificateId: string, use: (keyPem: Buffer) => T): T {
      const owner = certificate(certificateId)
      const sealed = keyOf(certificateId)?.sealed ?? null
      return withUnsealed(dataKey(), { sealed, binding: keyBinding(owner), name: owner.name }, use)
    },
    has: (certificateId: string): boolean => keyOf(certificateId) !== undefined,
  }
}

export function keyBinding(owner: { id: string; spkiSha256: string }): SealBinding {
  return { table: 'sealed_keys', row: owner.id, spkiSha256: owner.spkiSha256 }
}
