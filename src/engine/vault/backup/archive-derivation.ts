import { randomBytes } from 'node:crypto'
import { EdgekeepError } from '../../../contract/errors.ts'
import { deriveKey, newCost } from '../derive-key.ts'

/** How a backup's passphrase key is derived by scrypt (RFC 7914): log2 N, r and p, a byte each, and the salt. */
export type Derivation = Buffer

const PASSES = 1
/** A hostile file cannot ask for more memory than this, 256 MiB. */
const MAX_LOG2_N = 18
const SALT_BYTES = 16
const COST_BYTES = 3
export const DERIVATION_BYTES = COST_BYTES + SALT_BYTES
/** After the magic line and the byte of the format. */
export const DERIVATION_AT = 17

export function newDerivation(): Derivation {
  const { log2N, r } = newCost
  return Buffer.concat([Buffer.of(log2N, r, PASSES), randomBytes(SALT_BYTES)])
}

export function derivationOf(header: Buffer): Derivation {
  return header.subarray(DERIVATION_AT, DERIVATION_AT + DERIVATION_BYTES)
}

/** 32 bytes; the caller zeroes them. Throws backup.malformed where the cost is out of bounds. */
export async function deriveArchiveKey(derivation: Derivation, passphrase: Buffer): Promise<Buffer> {
  const [log2N = 0, r = 0, p = 0] = derivation
  if (log2N < 14 || log2N > MAX_LOG2_N || r !== newCost.r || p < 1 || p > 4)
    throw new EdgekeepError('backup.malformed', { reason: 'it asks for more work than a backup may' })
  return deriveKey(passphrase, derivation.subarray(COST_BYTES), { log2N, r, p })
}
