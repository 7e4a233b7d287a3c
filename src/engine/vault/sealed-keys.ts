import { eq, sql } from 'drizzle-orm'
import { echoOf } from '../../domain/echo.ts'
import { EdgekeepError } from '../../contract/errors/registry.ts'
import type { VaultDatabase } from './database.ts'
import { certificatesTable, sealedKeysTable } from './schema.ts'
import { seal, withUnsealed, type SealBinding } from './seal.ts'

export interface SealedKeyTable {
  /**
   * Seals the certificate's private key; the caller zeroes its own copy.
   * @throws `certificate.not_found`, and `key.mismatch` if the key belongs to another certificate
   */
  sealKey(certificateId: string, spkiSha256: string, keyPem: Buffer): void
  /**
   * Lends the key to `use` and zeroes it at the end (settled, for a promise).
   * @throws `certificate.not_found`, and `key.unsealable` if there is none or it does not open
   */
  withKey<T>(certificateId: string, use: (keyPem: Buffer) => T): T
  has(certificateId: string): boolean
}

/**
 * Reads the public key from the certificate's own row when sealing and opening, so that a sealed key opens
 * only beside its certificate.
 */
export function sealedKeyTable({ query }: VaultDatabase, dataKey: () => Buffer): SealedKeyTable {
  const certificateOf = query
    .select({
      id: certificatesTable.id,
      name: certificatesTable.name,
      spkiSha256: certificatesTable.spkiSha256,
    })
    .from(certificatesTable)
    .where(eq(certificatesTable.id, sql.placeholder('id')))
    .prepare()
  const sealedOf = query
    .select({ sealed: sealedKeysTable.sealed })
    .from(sealedKeysTable)
    .where(eq(sealedKeysTable.certificateId, sql.placeholder('id')))
    .prepare()

  function certificate(id: string) {
    const found = certificateOf.get({ id })
    if (!found) throw new EdgekeepError('certificate.not_found', { reference: echoOf(id) })
    return found
  }

  function sealKey(certificateId: string, spkiSha256: string, keyPem: Buffer): void {
    const owner = certificate(certificateId)
    if (owner.spkiSha256 !== spkiSha256) throw mismatch(owner.spkiSha256, spkiSha256)
    const sealed = seal(dataKey(), keyPem, keyBinding(owner))
    query.insert(sealedKeysTable).values({ certificateId, sealed }).run()
  }

  function withKey<T>(certificateId: string, use: (keyPem: Buffer) => T): T {
    const owner = certificate(certificateId)
    const sealed = sealedOf.get({ id: certificateId })?.sealed ?? null
    return withUnsealed(dataKey(), { sealed, binding: keyBinding(owner), name: owner.name }, use)
  }

  return { sealKey, withKey, has: (certificateId) => sealedOf.get({ id: certificateId }) !== undefined }
}

export function keyBinding(owner: { id: string; spkiSha256: string }): SealBinding {
  return { table: 'sealed_keys', row: owner.id, spkiSha256: owner.spkiSha256 }
}

function mismatch(certificateSpkiSha256: string, keySpkiSha256: string): EdgekeepError {
  return new EdgekeepError('key.mismatch', { certificateSpkiSha256, keySpkiSha256 })
}
