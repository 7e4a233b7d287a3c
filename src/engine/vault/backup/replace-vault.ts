import {
  closeSync,
  existsSync,
  fsyncSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { EdgekeepError } from '../../../contract/errors.ts'
import { discardHalfMade, halfMade, logSetAside, openDatabase } from '../database.ts'
import { asVaultFailure } from '../failures.ts'
import { noteToForget, type WrappingKeyName } from '../keys-to-forget.ts'
import { claimFile } from '../private-files.ts'
import { protectionTable } from '../schema.ts'

interface OldVault {
  /** Its wrapping key, to be forgotten once it is replaced. */
  key?: WrappingKeyName | undefined
  isDamaged: boolean
}

/**
 * Checkpoints the log of the existing vault into its file, so that it cannot be mistaken for a log of the
 * restored one. The wrapping key of the restored one is recorded in it as one to forget, for a restore that is cut
 * off.
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
  const database = openDatabase(folder)
  try {
    const row = database.query.select().from(protectionTable).get()
    noteToForget(database, incoming)
    return row && { protector: row.protector, keyName: row.keyName }
  } finally {
    database.sqlite.close()
  }
}

/** The last program that closes a database removes its log and index; those of the old one would be read with the new one. */
function refuseReaders(path: string): void {
  if (!existsSync(`${path}-wal`) && !existsSync(`${path}-shm`)) return
  throw new EdgekeepError('home.unusable', {
    reason: 'another program has its database open, which cannot be replaced meanwhile',
  })
}

/** Puts the image in place by one rename, which is the point of no return: where this throws, nothing has changed. */
export function replaceFile(folder: string, image: Buffer, isDamaged: boolean): void {
  const path = join(folder, 'vault.db')
  const making = halfMade(path)
  rmSync(making, { force: true })
  try {
    claimFile(making, 'its database')
    writeDurably(making, image)
    if (isDamaged) setLogAside(path)
    renameSync(making, path)
  } catch (error) {
    // A rename may be reported as failed and be done.
    if (!existsSync(making) && existsSync(path) && wasWritten(path, image)) return
    discardHalfMade(path)
    throw error
  }
}

function writeDurably(path: string, image: Buffer): void {
  const handle = openSync(path, 'r+')
  try {
    writeFileSync(handle, image)
    fsyncSync(handle)
  } finally {
    closeSync(handle)
  }
}

function wasWritten(path: string, image: Buffer): boolean {
  return readFileSync(path).equals(image)
}

/** It is removed with the old copies when the restored vault is in place. */
function setLogAside(path: string): void {
  if (existsSync(`${path}-wal`)) renameSync(`${path}-wal`, logSetAside(path))
  rmSync(`${path}-shm`, { force: true })
}
