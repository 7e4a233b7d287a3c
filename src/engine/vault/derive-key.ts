import { scrypt } from 'node:crypto'
import { SecretBytes } from '../../domain/secret-bytes.ts'

/**
 * Cost parameters of scrypt (RFC 7914, section 2): memory is 128 * N * r bytes, time grows with p as well.
 */
export interface ScryptCost {
  log2N: number
  r: number
  p: number
}

/**
 * Cost of a new derivation, and so of each guess: 128 MiB of memory, too much for many parallel guesses on
 * cheap hardware, and for the vault as many passes as take half a second on this machine. Tests lower it.
 */
export const newCost = { log2N: 17, r: 8, atLeastMs: 500 }

/** Less makes guessing cheap; the upper limit bounds the memory to 256 MiB for any file. */
const [leastLog2N, mostLog2N] = [14, 18]

/** Accepts only a cost that this program could have set, with at most `mostPasses`. */
export function isBearable({ log2N, r, p }: ScryptCost, mostPasses: number): boolean {
  return log2N >= leastLog2N && log2N <= mostLog2N && r === newCost.r && p >= 1 && p <= mostPasses
}

/** Derives a 32-byte key from a passphrase; the caller bounds the cost. */
export function deriveKey(
  passphrase: Buffer,
  salt: Buffer,
  { log2N, r, p }: ScryptCost,
): Promise<SecretBytes> {
  const N = 2 ** log2N
  // OpenSSL needs a little more than the 128 * N * r of the RFC.
  const maxmem = 128 * (N + 64) * r * 2
  return new Promise((resolve, reject) => {
    scrypt(passphrase, salt, 32, { N, r, p, maxmem }, (error, key) =>
      error ? reject(error) : resolve(new SecretBytes(key)),
    )
  })
}
