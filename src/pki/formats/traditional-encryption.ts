import type { SecretBytes } from '../../domain/secret-bytes.ts'
import { createHash } from 'node:crypto'
import { type Cipher, decryptBy } from './password-encryption.ts'
import { UnknownEncryption } from './unknown-encryption.ts'
import type { WorkBudget } from '../work-budget.ts'

interface Method {
  cipher: Cipher
  keyBytes: number
}
const openssl = (name: string, keyBytes: number): Method => ({ cipher: { name }, keyBytes })

/** Ciphers by their name in `DEK-Info`. */
const ciphers: ReadonlyMap<string, Method> = new Map([
  ...['AES', 'CAMELLIA', 'ARIA'].flatMap((family) =>
    [128, 192, 256].map(
      (bits) => [`${family}-${bits}-CBC`, openssl(`${family}-${bits}-cbc`.toLowerCase(), bits / 8)] as const,
    ),
  ),
  ['DES-EDE3-CBC', openssl('des-ede3-cbc', 24)],
  ['DES-EDE-CBC', openssl('des-ede-cbc', 16)],
  ['DES-CBC', openssl('des-cbc', 8)],
  ['RC2-CBC', { cipher: { rc2Bits: 128 }, keyBytes: 16 }],
  ['RC2-64-CBC', { cipher: { rc2Bits: 64 }, keyBytes: 8 }],
  ['RC2-40-CBC', { cipher: { rc2Bits: 40 }, keyBytes: 5 }],
])

/**
 * Decrypts the body of a PEM key with `DEK-Info: CIPHER,IV`, OpenSSL's traditional format: the key is a
 * single MD5 of passphrase and salt, and the salt is the start of the IV. Undefined if the passphrase is
 * wrong.
 * @throws UnknownEncryption, NotYet
 */
export function decryptTraditional(
  dekInfo: string,
  data: Uint8Array,
  passphrase: string,
  budget: WorkBudget,
): SecretBytes | undefined {
  const [name = '', ivHex = ''] = dekInfo.split(',').map((part) => part.trim())
  const method = ciphers.get(name.toUpperCase())
  if (!method) throw new UnknownEncryption(/^[A-Z0-9-]{1,32}$/i.test(name) ? name : 'a cipher without a name')
  const iv = Buffer.from(ivHex, 'hex')
  return decryptBy(method.cipher, deriveKey(passphrase, iv.subarray(0, 8), method.keyBytes), iv, data, budget)
}

function deriveKey(passphrase: string, salt: Buffer, length: number): Buffer {
  let key = Buffer.alloc(0)
  let last = Buffer.alloc(0)
  while (key.length < length) {
    last = createHash('md5').update(last).update(passphrase, 'utf8').update(salt).digest()
    key = Buffer.concat([key, last])
  }
  return key.subarray(0, length)
}
