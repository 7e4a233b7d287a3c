import { randomBytes } from 'node:crypto'
import { EdgekeepError } from '../../../contract/errors/registry.ts'
import type { SecretBytes } from '../../../domain/secret-bytes.ts'
import { deriveKey, isBearable, newCost } from '../derive-key.ts'

/** Scrypt parameters (RFC 7914) of a backup's passphrase key: log2 N, r and p, a byte each, and the salt. */
export type Derivation = Buffer

const passes = 1
/** Limit for a foreign file. */
const mostPasses = 4
const saltBytes = 16
const costBytes = 3
export const derivationBytes = costBytes + saltBytes
/** Offset after the magic line and the format byte. */
export const derivationAt = 17

export function newDerivation(): Derivation {
  const { log2N, r } = newCost
  return Buffer.concat([Buffer.of(log2N, r, passes), randomBytes(saltBytes)])
}

export function derivationOf(header: Buffer): Derivation {
  return header.subarray(derivationAt, derivationAt + derivationBytes)
}

/** @throws `backup.malformed` if the cost is out of bounds */
export async function deriveArchiveKey(derivation: Derivation, passphrase: Buffer): Promise<SecretBytes> {
  const [log2N = 0, r = 0, p = 0] = derivation
  if (!isBearable({ log2N, r, p }, mostPasses))
    throw new EdgekeepError('backup.malformed', { reason: 'it takes more work than a backup may' })
  return deriveKey(passphrase, derivation.subarray(costBytes), { log2N, r, p })
}
