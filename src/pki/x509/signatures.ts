import { constants, verify, type KeyObject } from 'node:crypto'
import { signatureScheme, type Algorithm, type SignatureScheme } from './algorithms.ts'
import type { ParsedCertificate } from './parsed-certificate.ts'

const keyKinds: Record<SignatureScheme['kind'], string[]> = {
  rsa: ['rsa'],
  'rsa-pss': ['rsa', 'rsa-pss'],
  ecdsa: ['ec'],
  eddsa: ['ed25519', 'ed448'],
}
/** Limit for signature checks: with a larger key, one costs as much as thousands of ordinary ones. */
export const largestRsaBits = 8192
const eddsaOids = new Map<string, string>(
  Object.entries({ '1.3.101.112': 'ed25519', '1.3.101.113': 'ed448' }),
)

/** Verifies `signature` over `signed`. False also if key and algorithm do not match. */
export function signatureHolds(
  algorithm: Algorithm,
  signed: Uint8Array,
  signature: Uint8Array,
  key: KeyObject | undefined,
): boolean {
  const scheme = signatureScheme(algorithm)
  if (!scheme || !key || !keyKinds[scheme.kind].includes(key.asymmetricKeyType ?? '')) return false
  if ((key.asymmetricKeyDetails?.modulusLength ?? 0) > largestRsaBits) return false
  if (scheme.kind === 'eddsa' && eddsaOids.get(algorithm.oid) !== key.asymmetricKeyType) return false
  const pss = { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: scheme.saltLength ?? 0 }
  try {
    return verify(scheme.hash, signed, scheme.kind === 'rsa-pss' ? { key, ...pss } : key, signature)
  } catch {
    // OpenSSL throws for malformed signatures and for keys that it finds too small.
    return false
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
  issuer: ParsedCertificate,
): boolean | undefined {
  const before = signers.get(signed)?.get(issuer.fingerprintSha256)
  if (before !== undefined) return before
  return (budget.signatures -= 1) < 0 ? undefined : isSignedBy(signed, issuer)
}

/** The same without a budget. */
export function isSignedBy(signed: Signed, issuer: ParsedCertificate): boolean {
  let known = signers.get(signed)
  if (!known) signers.set(signed, (known = new Map()))
  const before = known.get(issuer.fingerprintSha256)
  if (before !== undefined) return before
  const holds = signatureHolds(signed.signatureAlgorithm, signed.tbs, signed.signature, issuer.publicKey)
  if (known.size < maxSigners) known.set(issuer.fingerprintSha256, holds)
  return holds
}
const maxSigners = 256
const signers = new WeakMap<Signed, Map<string, boolean>>()
