import { scrypt } from 'node:crypto'

/** The cost parameters of scrypt (RFC 7914, section 2): memory is 128 * N * r bytes, time grows with p as well. */
export interface ScryptCost {
  log2N: number
  r: number
  p: number
}

/**
 * What a new derivation costs, and so each guess at the passphrase: memory that is out of reach of cheap
 * hardware and bearable for a moment (128 MiB), and for the vault as many passes over it as take that long on
 * this machine. Tests that are about something else lower it.
 */
export const newCost = { log2N: 17, r: 8, atLeastMs: 500 }

/** A 32-byte key of a passphrase; the caller zeroes both. The cost is the caller's to bound. */
export function deriveKey(passphrase: Buffer, salt: Buffer, { log2N, r, p }: ScryptCost): Promise<Buffer> {
  const N = 2 ** log2N
  // OpenSSL counts a little more than the 128 * N * r of the RFC.
  const maxmem = 128 * (N + 64) * r * 2
  return new Promise((resolve, reject) => {
    scrypt(passphrase, salt, 32, { N, r, p, maxmem }, (error, key) => (error ? reject(error) : resolve(key)))
  })
}
