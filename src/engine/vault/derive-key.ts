import { scrypt } from 'node:crypto'

/** The cost parameters of scrypt (RFC 7914, section 2): memory is 128 * N * r bytes, time grows with p as well. */
export interface ScryptCost {
  log2N: number
  r: number
  p: number
}

/** A 32-byte key of a passphrase; the caller zeroes both. The cost is the caller's to bound. */
export function deriveKey(passphrase: Buffer, salt: Buffer, { log2N, r, p }: ScryptCost): Promise<Buffer> {
  const N = 2 ** log2N
  // OpenSSL counts a little more than the 128 * N * r of the RFC.
  const maxmem = 128 * (N + 64) * r * 2
  return new Promise((resolve, reject) => {
    scrypt(passphrase, salt, 32, { N, r, p, maxmem }, (error, key) => (error ? reject(error) : resolve(key)))
  })
}
