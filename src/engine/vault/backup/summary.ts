import { count, desc } from 'drizzle-orm'
import { EdgekeepError } from '../../../contract/errors.ts'
import type { VaultDatabase } from '../database.ts'
import { asVaultFailure } from '../failures.ts'
import { recordedProtection } from '../protection.ts'
import {
  auditTable,
  certificatesTable,
  domainsTable,
  recoveryKeyTable,
  type ProtectorKind,
} from '../schema.ts'
import { openArchive, type ArchiveSecrets } from './archive.ts'
import { openImage } from './image.ts'

/** What a backup holds; nothing secret. */
export interface ArchiveSummary {
  /** ISO, of the last row of its audit trail. */
  madeAt: string | null
  domains: number
  certificates: number
  /** What kept the vault's key when it was made. */
  protector: ProtectorKind
  /** The public key that it is sealed to; null for the form without one. */
  recoveryKey: Buffer | null
}

/**
 * Opens a backup in memory and says what it holds.
 * @throws as `restoreVault` before that touches anything
 */
export async function summarizeArchive(archive: Buffer, secrets: ArchiveSecrets): Promise<ArchiveSummary> {
  const { dataKey, image, recipient } = await openArchive(archive, secrets)
  dataKey.fill(0)
  try {
    const database = openImage(image)
    try {
      return summaryOf(database, recipient)
    } finally {
      database.sqlite.close()
    }
  } catch (error) {
    throw asVaultFailure(error)
  }
}

/**
 * @throws `backup.malformed` where the vault in the backup has another recovery key than the backup is sealed
 *   to: such a vault would seal later backups to a key that the person does not hold
 */
export function summaryOf(database: VaultDatabase, recipient: Buffer | null): ArchiveSummary {
  const { query } = database
  const own = query.select().from(recoveryKeyTable).get()?.publicKey ?? null
  if (own ? !recipient?.equals(own) : recipient)
    throw new EdgekeepError('backup.malformed', { reason: 'its vault has another recovery key' })
  const protection = recordedProtection(database)
  if (!protection)
    throw new EdgekeepError('vault.damaged', { reason: 'the record of its protection is gone' })
  return {
    madeAt: query.select().from(auditTable).orderBy(desc(auditTable.sequence)).limit(1).get()?.at ?? null,
    domains: query.select({ n: count() }).from(domainsTable).get()?.n ?? 0,
    certificates: query.select({ n: count() }).from(certificatesTable).get()?.n ?? 0,
    protector: protection.protector,
    recoveryKey: own,
  }
}
