import { EdgekeepError } from '../../contract/errors.ts'
import type { VaultDatabase } from './database.ts'
import { lend } from './lend.ts'
import { authorityTable } from './schema.ts'
import { BrokenSeal, seal, unseal, type SealBinding } from './seal.ts'

const NAME = 'the local authority'

/** The one local authority. Its key signs here and has no other way out than `withAuthorityKey`. */
export interface AuthorityTable {
  get(): { certificatePem: string } | undefined
  /** Seals the authority's key; the caller zeroes its own copy. There is one authority, made once. */
  create(certificatePem: string, spkiSha256: string, keyPem: Buffer): void
  /**
   * Lends the key to `use` and zeroes it when that has ended (settled, for a promise). Throws
   * key.unsealable where there is no key that opens.
   */
  withAuthorityKey<T>(use: (keyPem: Buffer) => T): T
}

export function authorityOf(
  { query }: VaultDatabase,
  dataKey: () => Buffer,
  clock: () => Date,
): AuthorityTable {
  const row = query.select().from(authorityTable).prepare()

  function create(certificatePem: string, spkiSha256: string, keyPem: Buffer): void {
    const sealed = seal(dataKey(), keyPem, authorityBinding(spkiSha256))
    const createdAt = clock().toISOString()
    query.insert(authorityTable).values({ id: 1, certificatePem, spkiSha256, sealed, createdAt }).run()
  }

  function open(): Buffer {
    const found = row.get()
    if (!found) throw new EdgekeepError('key.unsealable', { name: NAME })
    try {
      return unseal(dataKey(), found.sealed, authorityBinding(found.spkiSha256))
    } catch (error) {
      if (!(error instanceof BrokenSeal)) throw error
      throw new EdgekeepError('key.unsealable', { name: NAME }, { cause: error })
    }
  }

  function get(): { certificatePem: string } | undefined {
    const found = row.get()
    return found && { certificatePem: found.certificatePem }
  }

  return { get, create, withAuthorityKey: (use) => lend(open(), use) }
}

/** What binds the sealed key to the authority. */
export function authorityBinding(spkiSha256: string): SealBinding {
  return { table: 'authority', row: '1', spkiSha256 }
}
