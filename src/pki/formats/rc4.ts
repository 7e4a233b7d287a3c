import { SecretBytes } from '../../domain/secret-bytes.ts'

/**
 * RC4 (vectors in RFC 6229) for old PKCS#12 archives; OpenSSL 3 and node-forge do not have it. For reading
 * only: encryption is the same operation, but is never used.
 */
export function decryptRc4(key: Uint8Array, data: Uint8Array): Buffer {
  const state = Uint8Array.from({ length: 256 }, (_, at) => at)
  using _state = new SecretBytes(state)
  const swap = (a: number, b: number) => {
    const previous = state[a] as number
    state[a] = state[b] as number
    state[b] = previous
  }
  for (let at = 0, other = 0; at < 256; at++) {
    other = (other + (state[at] as number) + (key[at % key.length] as number)) & 0xff
    swap(at, other)
  }
  let [i, j] = [0, 0]
  const opened = Buffer.from(data).map((byte) => {
    i = (i + 1) & 0xff
    j = (j + (state[i] as number)) & 0xff
    swap(i, j)
    return byte ^ (state[((state[i] as number) + (state[j] as number)) & 0xff] as number)
  })
  return Buffer.from(opened.buffer, opened.byteOffset, opened.length)
}
