import { and, desc, eq, isNotNull, isNull } from 'drizzle-orm'
import { EdgekeepError } from '../../contract/errors/registry.ts'
import type { SealedTableParts, VaultDatabase } from './database.ts'
import { authorityTable } from './schema.ts'
import { seal, withUnsealed, type SealBinding } from './seal.ts'

export const authorityName = 'the local authority'

export interface AuthorityGeneration {
  /** Generation, from 1. */
  id: number
  certificatePem: string
  /** Null in a vault older than intermediates, until the next certificate is issued. */
  intermediatePem: string | null
  createdAt: string
  /** Time at which its keys were erased; null for the signing one. */
  retiredAt: string | null
}

/** Intermediate whose key is in the vault. */
export interface Revoker {
  pem: string
  spkiSha256: string
  /** It signs revocations alone. */
  isRetired: boolean
}

/** Certificate with its key to seal. */
export interface AuthorityPart {
  certificatePem: string
  spkiSha256: string
  keyPem: Buffer
}

/** Local authority. Its keys are lent for signing, and leave the vault in no other way. */
export function authorityOf({ query }: VaultDatabase, { dataKey, clock, keyDeleted }: SealedTableParts) {
  const signs = isNull(authorityTable.retiredAt)
  const current = query.select().from(authorityTable).where(signs).prepare()
  const all = query.select().from(authorityTable).orderBy(desc(authorityTable.id)).prepare()

  function revokerRows() {
    return all
      .all()
      .flatMap(({ intermediatePem, intermediateSpkiSha256, sealedIntermediate, ...row }) =>
        intermediatePem && intermediateSpkiSha256 && sealedIntermediate
          ? [{ ...row, intermediatePem, intermediateSpkiSha256, sealedIntermediate }]
          : [],
      )
  }

  function signing() {
    const found = current.get()
    if (!found) throw new EdgekeepError('key.unsealable', { name: authorityName })
    return found
  }

  return {
    get: (): AuthorityGeneration | undefined => generationOf(current.get()),
    /** Newest first. */
    list: (): AuthorityGeneration[] => all.all().flatMap((row) => generationOf(row) ?? []),
    /** Adds a signing generation; the previous one must be retired. */
    create({ certificatePem, spkiSha256, keyPem }: AuthorityPart): void {
      const id = (all.get()?.id ?? 0) + 1
      const sealed = seal(dataKey(), keyPem, rootBinding({ id, spkiSha256 }))
      const createdAt = clock().toISOString()
      query.insert(authorityTable).values({ id, certificatePem, spkiSha256, sealed, createdAt }).run()
    },
    setIntermediate(part: AuthorityPart): void {
      const { id, sealedIntermediate } = signing()
      const { certificatePem: intermediatePem, spkiSha256: intermediateSpkiSha256 } = part
      const sealed = seal(dataKey(), part.keyPem, intermediateBinding({ id, intermediateSpkiSha256 }))
      const values = { intermediatePem, intermediateSpkiSha256, sealedIntermediate: sealed }
      query.update(authorityTable).set(values).where(eq(authorityTable.id, id)).run()
      if (sealedIntermediate) keyDeleted()
    },
    /**
     * Erases the keys of the signing generation, or with `keepsRevoking` only the root's; its certificates
     * stay, for those that it issued.
     */
    retire({ keepsRevoking = false } = {}): void {
      const { id } = signing()
      const values = {
        sealed: null,
        ...(keepsRevoking ? {} : { sealedIntermediate: null }),
        retiredAt: clock().toISOString(),
      }
      query.update(authorityTable).set(values).where(eq(authorityTable.id, id)).run()
      keyDeleted()
    },
    /** Intermediates whose keys sign revocations, newest first. */
    revokers: (): Revoker[] =>
      revokerRows().map(({ intermediatePem, intermediateSpkiSha256, retiredAt }) => ({
        pem: intermediatePem,
        spkiSha256: intermediateSpkiSha256,
        isRetired: retiredAt !== null,
      })),
    /** Erases the key of a retired intermediate; the one that signs stays. */
    eraseRevoker(spkiSha256: string): void {
      const isRetired = isNotNull(authorityTable.retiredAt)
      const named = and(isRetired, eq(authorityTable.intermediateSpkiSha256, spkiSha256))
      const { changes } = query.update(authorityTable).set({ sealedIntermediate: null }).where(named).run()
      if (changes > 0) keyDeleted()
    },
    /** Like `withIntermediateKey` for revocations alone, also by a retired intermediate. */
    withRevokerKey<T>(spkiSha256: string, use: (keyPem: Buffer) => T): T {
      const row = revokerRows().find(({ intermediateSpkiSha256 }) => intermediateSpkiSha256 === spkiSha256)
      if (!row) throw new EdgekeepError('key.unsealable', { name: authorityName })
      const named = {
        sealed: row.sealedIntermediate,
        binding: intermediateBinding(row),
        name: authorityName,
      }
      return withUnsealed(dataKey(), named, use)
    },
    /**
     * Lends the root's key to `use` and wipes it at the end (settled, for a promise).
     * @throws `key.unsealable` if there is none or it does not open
     */
    withRootKey<T>(use: (keyPem: Buffer) => T): T {
      const row = signing()
      return withUnsealed(dataKey(), { ...row, binding: rootBinding(row), name: authorityName }, use)
    },
    /** Like `withRootKey` with the key of the intermediate. */
    withIntermediateKey<T>(use: (keyPem: Buffer) => T): T {
      const row = signing()
      const [sealed, binding] = [row.sealedIntermediate, intermediateBinding(row)]
      return withUnsealed(dataKey(), { sealed, binding, name: authorityName }, use)
    },
  }
}

function generationOf(row: typeof authorityTable.$inferSelect | undefined): AuthorityGeneration | undefined {
  if (!row) return undefined
  const { id, certificatePem, intermediatePem, createdAt, retiredAt } = row
  return { id, certificatePem, intermediatePem, createdAt, retiredAt }
}

export function rootBinding({ id, spkiSha256 }: { id: number; spkiSha256: string }): SealBinding {
  return { table: 'authority', row: String(id), spkiSha256 }
}

/** Associated data that binds the sealed key of an intermediate to its generation. */
export function intermediateBinding(row: { id: number; intermediateSpkiSha256: string | null }): SealBinding {
  const spkiSha256 = row.intermediateSpkiSha256 ?? ''
  return { table: 'authority_intermediate', row: String(row.id), spkiSha256 }
}
