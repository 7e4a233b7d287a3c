import { createHmac } from 'node:crypto'
import { lengthPrefixed } from './seal.ts'

/**
 * The hash chain of the audit trail. Each row's hash covers the row and the hash before it. The head covers
 * the number of rows and the last hash, so that rows removed from the end are noticed too.
 *
 * Threat model. The attacker edits the database file. The hashes are HMAC-SHA-256 under a key that is
 * sealed in the vault, so without the data key no row can be changed, moved, inserted or removed without
 * being noticed. Not covered: a whole database replaced by an older copy of itself, since nothing outside
 * of it knows better; and anybody who has the data key.
 */

export interface ChainedRow {
  sequence: number
  at: string
  actor: string
  action: string
  subject: string
  /** JSON; `null` without a value. */
  before: string
  after: string
}

export const beforeTheFirst = Buffer.alloc(32)

export function rowHash(key: Buffer, previous: Buffer, row: ChainedRow): Buffer {
  const { sequence, at, actor, action, subject, before, after } = row
  const parts = ['row', String(sequence), at, actor, action, subject, before, after]
  return createHmac('sha256', key).update(previous).update(lengthPrefixed(parts)).digest()
}

export function headHash(key: Buffer, last: Buffer, rows: number): Buffer {
  return createHmac('sha256', key)
    .update(last)
    .update(lengthPrefixed(['head', String(rows)]))
    .digest()
}
