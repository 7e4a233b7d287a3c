import { createHash, createPublicKey, type KeyObject } from 'node:crypto'
import { toBase64url } from './base64url.ts'
import { JoseFault } from './jose-fault.ts'

/** Public key as JSON (RFC 7517, RFC 8037), with its required members only. */
export type PublicJwk =
  | { kty: 'EC'; crv: 'P-256' | 'P-384' | 'P-521'; x: string; y: string }
  | { kty: 'RSA'; n: string; e: string }
  | { kty: 'OKP'; crv: 'Ed25519'; x: string }

const curves: readonly string[] = ['P-256', 'P-384', 'P-521']
const fewestRsaBits = 2048
const mostRsaBits = 8192
/** Upper bound of the public exponent: a longer one makes each verification as slow as a signature. */
const mostExponentBits = 32n

/**
 * The public half of `key`, which may be private.
 * @throws a `JoseFault` for a key type that JWS does not use
 */
export function publicJwk(key: KeyObject): PublicJwk {
  const half = key.type === 'private' ? createPublicKey(key) : key
  return membersOf(half.export({ format: 'jwk' }))
}

/**
 * Parses a received JWK.
 * @throws a `JoseFault`: `malformed` for no JWK, `key` for an unsupported type or size, or a point off its
 *   curve
 */
export function keyOfJwk(foreign: unknown): { key: KeyObject; jwk: PublicJwk } {
  if (typeof foreign !== 'object' || foreign === null) throw malformed()
  const jwk = membersOf(foreign)
  const key = imported(jwk)
  requireSize(key)
  return { key, jwk }
}

/** SHA-256 of the canonical JWK in base64url (RFC 7638). */
export function thumbprint(jwk: PublicJwk): string {
  return toBase64url(
    createHash('sha256')
      .update(JSON.stringify(inOrder(jwk)))
      .digest(),
  )
}

/** The required members in lexicographic order (RFC 7638, section 3.3). */
function inOrder(jwk: PublicJwk): object {
  if (jwk.kty === 'EC') return { crv: jwk.crv, kty: jwk.kty, x: jwk.x, y: jwk.y }
  if (jwk.kty === 'RSA') return { e: jwk.e, kty: jwk.kty, n: jwk.n }
  return { crv: jwk.crv, kty: jwk.kty, x: jwk.x }
}

interface ForeignJwk {
  kty?: unknown
  crv?: unknown
  x?: unknown
  y?: unknown
  n?: unknown
  e?: unknown
}

function membersOf(jwk: ForeignJwk): PublicJwk {
  const { kty, crv, x, y, n, e } = jwk
  if (kty === 'EC' && typeof crv === 'string' && curves.includes(crv))
    return { kty, crv: crv as 'P-256', x: text(x), y: text(y) }
  if (kty === 'RSA') return { kty, n: text(n), e: text(e) }
  if (kty === 'OKP' && crv === 'Ed25519') return { kty, crv, x: text(x) }
  throw new JoseFault('key', 'The key is neither RSA, nor EC on P-256, P-384 or P-521, nor Ed25519.')
}

function text(value: unknown): string {
  if (typeof value === 'string' && value !== '' && value.length <= mostRsaBits / 4) return value
  throw malformed()
}

function malformed(): JoseFault {
  return new JoseFault('malformed', 'The key is not a JWK.')
}

function imported(jwk: PublicJwk): KeyObject {
  try {
    return createPublicKey({ key: jwk, format: 'jwk' })
  } catch (cause) {
    throw new JoseFault('key', 'The key is not valid.', { cause })
  }
}

function requireSize({ asymmetricKeyType, asymmetricKeyDetails }: KeyObject): void {
  if (asymmetricKeyType !== 'rsa') return
  const { modulusLength = 0, publicExponent = 0n } = asymmetricKeyDetails ?? {}
  const isFit = modulusLength >= fewestRsaBits && modulusLength <= mostRsaBits
  if (!isFit) throw new JoseFault('key', `An RSA key has ${fewestRsaBits} to ${mostRsaBits} bits.`)
  if (publicExponent >> mostExponentBits !== 0n)
    throw new JoseFault('key', 'The public exponent of the RSA key is too large.')
}
