import { generateKeyPair, type KeyObject } from 'node:crypto'
import { promisify } from 'node:util'
import type { KeyKind } from '../../contract/issuing/issuing.ts'

const newKeyPair = promisify(generateKeyPair)
const curves = new Map<KeyKind, string>([
  ['p256', 'P-256'],
  ['p384', 'P-384'],
])

/** Generates a key pair. RSA with 4096 bits takes a second or more, off the thread. */
export function newLeafKey(kind: KeyKind): Promise<{ publicKey: KeyObject; privateKey: KeyObject }> {
  const namedCurve = curves.get(kind)
  if (namedCurve) return newKeyPair('ec', { namedCurve })
  return newKeyPair('rsa', { modulusLength: Number(kind.slice('rsa'.length)) })
}

/** Reason to refuse an uploaded key, or undefined (CA/Browser Forum BR, section 6.1.5). */
export function keyProblem(key: KeyObject): string | undefined {
  const { modulusLength = 0, publicExponent = 0n, namedCurve } = key.asymmetricKeyDetails ?? {}
  switch (key.asymmetricKeyType) {
    case 'ec':
      return namedCurve === 'prime256v1' || namedCurve === 'secp384r1' || namedCurve === 'secp521r1'
        ? undefined
        : 'its curve is not P-256, P-384 or P-521'
    case 'rsa':
      if (modulusLength < 2048 || modulusLength > 4096) return 'its RSA key does not have 2048 to 4096 bits'
      return publicExponent < 65_537n || publicExponent >> 32n !== 0n
        ? 'the public exponent of its RSA key is too small or too large'
        : undefined
    case 'ed25519':
      return undefined
    default:
      return 'its key is neither ECDSA, RSA nor Ed25519'
  }
}
