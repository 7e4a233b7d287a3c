import { randomBytes } from 'node:crypto'
import { EdgekeepError } from '../../../contract/errors.ts'
import { deriveKey, isBearable, newCost } from '../derive-key.ts'

/** How a backup's passphrase key is derived by scrypt (RFC 7914): log2 N, r and p, a byte each, and the salt. */
export type Derivation = Buffer

const passes = 1
/** What a file may ask for. */
const mostPasses = 4
const saltBytes = 16
const costBytes = 3
export const derivationBytes = costBytes + saltBytes
/** After the magic line and the byte of the format. */
export const derivationAt = 17

export function newDerivation(): Derivation {
  const { log2N, r } = newCost
  return Buffer.concat([Buffer.of(log2N, r, passes), randomBytes(saltBytes)])
}

export function derivationOf(header: Buffer): Derivation {
  return header.subarray(derivationAt, derivationAt + derivationBytes)
}

/**
 * 32 bytes; the caller zeroes them.
 * @throws `backup.malformed` where the cost is out of bounds
 */
export async function deriveArchiveKey(derivation: Derivation, passphrase: Buffer): Promise<Buffer> {
  const [log2N = 0, r = 0, p = 0] = derivation
  if (!isBearable({ log2N, r, p }, mostPasses))
    throw new EdgekeepError('backup.malformed', { reason: 'it takes more work than a backup may' })
  return deriveKey(passphrase, derivation.subarray(costBytes), { log2N, r, p })
}
