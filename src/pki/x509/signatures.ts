import { constants, verify, type KeyObject } from 'node:crypto'
import { type Algorithm, anyScheme } from './algorithms.ts'
import type { Certificate } from './certificate.ts'

/** Limit for signature checks: with a larger key, one costs as much as thousands of ordinary ones. */
export const largestRsaBits = 8192

/**
 * State of `signature` over `signed`. Unsupported without a known algorithm, a loadable key or a reasonable
 * size; not valid also if key and algorithm do not match.
 */
export function signatureState(
  algorithm: Algorithm,
  signed: Uint8Array,
  signature: Uint8Array,
  key: KeyObject | undefined,
): 'valid' | 'not valid' | 'unsupported' {
  const scheme = anyScheme(algorithm)
  if (!scheme || !key || (key.asymmetricKeyDetails?.modulusLength ?? 0) > largestRsaBits) return 'unsupported'
  if (!scheme.keys.includes(key.asymmetricKeyType ?? '')) return 'not valid'
  const pss = { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: scheme.saltLength ?? 0 }
  try {
    const holds = verify(scheme.hash, signed, scheme.kind === 'rsa-pss' ? { key, ...pss } : key, signature)
    return holds ? 'valid' : 'not valid'
  } catch {
    // OpenSSL throws for malformed signatures and for keys that it finds too small.
    return 'not valid'
  }
}

interface Signed {
  tbs: Uint8Array
  signature: Uint8Array
  signatureAlgorithm: Algorithm
}

/**
 * Verifies the issuer's signature on a certificate or CRL; undefined if `budget` is spent. Cached: the check
 * is expensive and its result never changes.
 */
export function isSignedWithin(
  budget: { signatures: number },
  signed: Signed,
  issuer: Certificate,
): boolean | undefined {
  const before = signers.get(signed)?.get(issuer.fingerprintSha256)
  if (before !== undefined) return before
  return (budget.signatures -= 1) < 0 ? undefined : isSignedBy(signed, issuer)
}

/** The same without a budget. */
export function isSignedBy(signed: Signed, issuer: Certificate): boolean {
  let known = signers.get(signed)
  if (!known) signers.set(signed, (known = new Map()))
  const before = known.get(issuer.fingerprintSha256)
  if (before !== undefined) return before
  const { signatureAlgorithm, tbs, signature } = signed
  const holds = signatureState(signatureAlgorithm, tbs, signature, issuer.publicKey) === 'valid'
  if (known.size < maxSigners) known.set(issuer.fingerprintSha256, holds)
  return holds
}
const maxSigners = 256
const signers = new WeakMap<Signed, Map<string, boolean>>()
