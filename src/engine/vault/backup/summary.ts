import { count, desc } from 'drizzle-orm'
import { EdgekeepError } from '../../../contract/errors/registry.ts'
import type { VaultDatabase } from '../database.ts'
import { asVaultFailure } from '../failures.ts'
import { protectionRow } from '../data-key.ts'
import {
  auditTable,
  certificatesTable,
  domainsTable,
  recoveryKeyTable,
  type ProtectorKind,
} from '../schema.ts'
import { openArchive, type ArchiveSecrets } from './archive.ts'
import { openImage } from './image.ts'

/** Content of a backup; nothing secret. */
export interface ArchiveSummary {
  /** Time of its last audit entry, ISO 8601. */
  madeAt: string | null
  domains: number
  certificates: number
  /** Key protector at the time of the backup. */
  protector: ProtectorKind
  /** Public key of its recovery key; null for the format without one. */
  recoveryKey: Buffer | null
}

/**
 * Opens a backup in memory and summarizes it.
 * @throws as `restoreVault` before any change
 */
export async function summarizeArchive(archive: Buffer, secrets: ArchiveSecrets): Promise<ArchiveSummary> {
  const { image, recipient, ...opened } = await openArchive(archive, secrets)
  using _dataKey = opened.dataKey
  try {
    using database = openImage(image)
    return summaryOf(database, recipient)
  } catch (error) {
    throw asVaultFailure(error)
  }
}

/**
 * @throws `backup.malformed` if the vault in the backup has another recovery key than the backup: such a
 *   vault would seal later backups to a key that the person does not have
 */
export function summaryOf(database: VaultDatabase, recipient: Buffer | null): ArchiveSummary {
  const { query } = database
  const own = query.select().from(recoveryKeyTable).get()?.publicKey ?? null
  if (own ? !recipient?.equals(own) : recipient)
    throw new EdgekeepError('backup.malformed', { reason: 'its vault has another recovery key' })
  return {
    madeAt: query.select().from(auditTable).orderBy(desc(auditTable.sequence)).limit(1).get()?.at ?? null,
    domains: query.select({ n: count() }).from(domainsTable).get()?.n ?? 0,
    certificates: query.select({ n: count() }).from(certificatesTable).get()?.n ?? 0,
    protector: protectionRow(database).protector,
    recoveryKey: own,
  }
}
