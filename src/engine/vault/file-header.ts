import { closeSync, openSync, readSync } from 'node:fs'
import { EdgekeepError } from '../../contract/errors/registry.ts'
import { vaultDamaged } from './failures.ts'

/** "EKEV" in the file header marks a database as Edgekeep's (SQLite file format, section 1.3.17). */
export const applicationId = 0x454b4556

const headerBytes = 100
const magic = 'SQLite format 3\0'
const userVersionAt = 60
const applicationIdAt = 68

/**
 * Refuses a file that is no vault (vault.damaged) or has a newer schema (vault.newer). Reads the header
 * without SQLite, which leaves a write-ahead log and its index even after a read-only open.
 */
export function refuseForeignFile(path: string, known: number): void {
  refuseForeignHeader(headerOf(path), known)
}

/** Like `refuseForeignFile` for a database in memory. */
export function refuseForeignHeader(header: Buffer, known: number): void {
  if (header.length < headerBytes) throw vaultDamaged('the file is cut short')
  if (header.toString('latin1', 0, magic.length) !== magic) throw vaultDamaged('the file is not a database')
  if (header.readUInt32BE(applicationIdAt) !== applicationId)
    throw vaultDamaged('the file belongs to another program')
  const found = header.readUInt32BE(userVersionAt)
  if (found > known) throw new EdgekeepError('vault.newer', { found, known })
}

function headerOf(path: string): Buffer {
  const header = Buffer.alloc(headerBytes)
  const file = openSync(path, 'r')
  try {
    readSync(file, header)
  } finally {
    closeSync(file)
  }
  return header
}
