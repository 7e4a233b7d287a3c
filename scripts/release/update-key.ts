import {
  createHash,
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  sign,
  type KeyObject,
} from 'node:crypto'

/*
 * The key that update manifests are signed with, and signatures as minisign writes and checks them
 * (https://jedisct1.github.io/minisign/, "Signature format"): pure Ed25519, "Ed".
 */

const algorithm = Buffer.from('Ed')

/** A new key; the private one is PKCS #8 in base64, on one line, for a secret of the release workflow. */
export function newUpdateKey(): { privateKey: string; publicKey: string } {
  const { privateKey } = generateKeyPairSync('ed25519')
  const secret = privateKey.export({ type: 'pkcs8', format: 'der' }).toString('base64')
  return { privateKey: secret, publicKey: publicKeyOf(secret) }
}

/** The second line of a minisign public key, the argument of `minisign -P`. */
export function publicKeyOf(secret: string): string {
  const raw = rawPublicKey(privateKeyOf(secret))
  return Buffer.concat([algorithm, keyIdOf(raw), raw]).toString('base64')
}

/** The text of the `.minisig` file for `content`; `trustedComment` is signed too. */
export function signContent(content: Uint8Array, secret: string, trustedComment: string): string {
  const key = privateKeyOf(secret)
  const signature = sign(null, content, key)
  const whole = sign(null, Buffer.concat([signature, Buffer.from(trustedComment, 'utf8')]), key)
  const signed = Buffer.concat([algorithm, keyIdOf(rawPublicKey(key)), signature])
  return [
    'untrusted comment: signature of an Edgekeep release',
    signed.toString('base64'),
    `trusted comment: ${trustedComment}`,
    whole.toString('base64'),
    '',
  ].join('\n')
}

function privateKeyOf(secret: string): KeyObject {
  const key = createPrivateKey({ key: Buffer.from(secret, 'base64'), format: 'der', type: 'pkcs8' })
  if (key.asymmetricKeyType !== 'ed25519') throw new Error('The key is not an Ed25519 key.')
  return key
}

/** The last 32 bytes of its SubjectPublicKeyInfo (RFC 8410). */
function rawPublicKey(key: KeyObject): Buffer {
  return createPublicKey(key).export({ type: 'spki', format: 'der' }).subarray(-32)
}

function keyIdOf(rawKey: Buffer): Buffer {
  return createHash('sha256').update(rawKey).digest().subarray(0, 8)
}
