import { createHash } from 'node:crypto'
import { decipher, UnknownEncryption } from './password-encryption.ts'

/** Ciphers by their name in `DEK-Info`. Single DES is triple DES with one key three times. */
const ciphers = new Map<string, { name: string; keyBytes: number; repeat: number }>(
  Object.entries({
    'AES-128-CBC': { name: 'aes-128-cbc', keyBytes: 16, repeat: 1 },
    'AES-192-CBC': { name: 'aes-192-cbc', keyBytes: 24, repeat: 1 },
    'AES-256-CBC': { name: 'aes-256-cbc', keyBytes: 32, repeat: 1 },
    'DES-EDE3-CBC': { name: 'des-ede3-cbc', keyBytes: 24, repeat: 1 },
    'DES-CBC': { name: 'des-ede3-cbc', keyBytes: 8, repeat: 3 },
  }),
)

/**
 * Decrypts the body of a PEM key with `DEK-Info: CIPHER,IV` as OpenSSL always has: the key is MD5
 * of passphrase and salt, once, and the salt is the start of the IV. Undefined where the
 * passphrase is wrong.
 * @throws UnknownEncryption
 */
export function decryptTraditional(
  dekInfo: string,
  data: Uint8Array,
  passphrase: string,
): Buffer | undefined {
  const [name = '', ivHex = ''] = dekInfo.split(',').map((part) => part.trim())
  const cipher = ciphers.get(name.toUpperCase())
  if (!cipher) throw new UnknownEncryption(/^[A-Z0-9-]{1,32}$/i.test(name) ? name : 'a cipher without a name')
  const iv = Buffer.from(ivHex, 'hex')
  const key = deriveKey(passphrase, iv.subarray(0, 8), cipher.keyBytes)
  return decipher(cipher.name, Buffer.concat(Array<Buffer>(cipher.repeat).fill(key)), iv, data)
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
