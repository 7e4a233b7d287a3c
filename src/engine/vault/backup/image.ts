import { vaultDamaged } from '../failures.ts'
import Database from 'better-sqlite3'
import { prepared, type VaultDatabase } from '../database.ts'
import { refuseForeignHeader } from '../file-header.ts'
import { migrate } from '../migrations/migrate.ts'
import { migrations } from '../migrations/steps.ts'

/** Bytes 18 and 19 of the header, 2 for write-ahead logging, 1 for none (SQLite file format, 1.3.3). */
const journalVersionsAt = 18

/** Database as one file with all committed data, without a write-ahead log. */
export function imageOf({ sqlite }: VaultDatabase): Buffer {
  const image = sqlite.serialize()
  // A database in memory cannot have a log, and SQLite refuses to open one whose header has it.
  image.fill(1, journalVersionsAt, journalVersionsAt + 2)
  return image
}

/**
 * Opens an image in memory, verifies all of it and migrates it there.
 * @throws `vault.damaged` and `vault.newer`
 */
export function openImage(image: Buffer): VaultDatabase {
  refuseForeignHeader(image, migrations.length)
  const sqlite = new Database(image)
  return prepared(sqlite, () => {
    sqlite.pragma('foreign_keys = ON')
    sqlite.pragma('secure_delete = ON')
    sqlite.pragma('trusted_schema = OFF')
    refuseUnsound(sqlite)
    migrate(sqlite)
  })
}

function refuseUnsound(sqlite: Database.Database): void {
  const integrity = sqlite.pragma('integrity_check(1)', { simple: true }) as string
  const dangling = sqlite.pragma('foreign_key_check') as unknown[]
  if (integrity === 'ok' && dangling.length === 0) return
  throw vaultDamaged('the check of its pages fails')
}
