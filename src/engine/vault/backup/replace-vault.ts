import { existsSync, readFileSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { EdgekeepError } from '../../../contract/errors/registry.ts'
import { discardHalfMade, halfMade, logSetAside, openDatabase } from '../database.ts'
import { asVaultFailure } from '../failures.ts'
import { noteToForget, type WrappingKeyName } from '../keys-to-forget.ts'
import { claimFile, writeDurably } from '../private-files.ts'
import { protectionTable } from '../schema.ts'

interface OldVault {
  /** Wrapping key to forget after the replacement. */
  key?: WrappingKeyName
  isDamaged: boolean
}

/**
 * Checkpoints the existing vault's log into its file, so that it cannot be mistaken for the restored one's.
 * Records the restored vault's wrapping key in it as one to forget, for an interrupted restore.
 */
export function settleOldVault(folder: string, incoming: WrappingKeyName): OldVault {
  const path = join(folder, 'vault.db')
  rmSync(logSetAside(path), { force: true })
  try {
    if (!existsSync(path) && !existsSync(`${path}-wal`)) return { isDamaged: false }
    const key = exchangeKeys(folder, incoming)
    refuseReaders(path)
    return { key, isDamaged: false }
  } catch (error) {
    const failure = asVaultFailure(error)
    if (!(failure instanceof EdgekeepError) || failure.code !== 'vault.damaged') throw failure
    return { isDamaged: true }
  }
}

function exchangeKeys(folder: string, incoming: WrappingKeyName): WrappingKeyName | undefined {
  using database = openDatabase(folder)
  const row = database.query.select().from(protectionTable).get()
  noteToForget(database, incoming)
  return row && { protector: row.protector, keyName: row.keyName }
}

/**
 * The last program to close a database removes its log and index; the old ones would corrupt the new file.
 */
function refuseReaders(path: string): void {
  if (!existsSync(`${path}-wal`) && !existsSync(`${path}-shm`)) return
  throw new EdgekeepError('home.unusable', {
    reason: 'another program has its database open, which cannot be replaced meanwhile',
  })
}

/** Puts the image in place by one rename, the point of no return: an error means that nothing has changed. */
export function replaceFile(folder: string, image: Buffer, isDamaged: boolean): void {
  const path = join(folder, 'vault.db')
  const making = halfMade(path)
  rmSync(making, { force: true })
  try {
    claimFile(making, 'its database')
    writeDurably(making, image, 'r+')
    if (isDamaged) setLogAside(path)
    renameSync(making, path)
  } catch (error) {
    // A rename may be reported as failed although it was done.
    if (!existsSync(making) && existsSync(path) && readFileSync(path).equals(image)) return
    discardHalfMade(path)
    throw error
  }
}

/** It is removed with the old copies after the restore. */
function setLogAside(path: string): void {
  if (existsSync(`${path}-wal`)) renameSync(`${path}-wal`, logSetAside(path))
  rmSync(`${path}-shm`, { force: true })
}
