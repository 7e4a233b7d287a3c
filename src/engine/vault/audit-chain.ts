import { createHmac } from 'node:crypto'
import { lengthPrefixed } from './length-prefixed.ts'

/**
 * The chain of the audit trail. Each row's hash covers the row and the hash before it; the head
 * covers how many rows there are and the last hash, so that rows cut off at the end show too.
 *
 * Threat model. The attacker edits the database file. The hashes are HMAC-SHA-256 under a key
 * that lies sealed in the vault, so without the data key no row can be changed, moved, inserted
 * or removed unseen. Not promised: that the whole database put back to an older copy of itself is
 * noticed (nothing outside of it remembers more), nor anything against whoever holds the data key.
 */

export interface ChainedRow {
  sequence: number
  at: string
  actor: string
  action: string
  subject: string
  /** JSON text, `null` where there is nothing. */
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
