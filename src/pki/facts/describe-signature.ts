import { constants, createPublicKey, verify } from 'node:crypto'
import { type Algorithm, signatureScheme } from '../x509/algorithms.ts'

/** Verifies `signature` over `signed` with the key in `spki`, in words for a request or list. */
export function describeSignature(
  spki: Uint8Array,
  algorithm: Algorithm,
  signed: Uint8Array,
  signature: Uint8Array,
): string {
  const scheme = signatureScheme(algorithm)
  if (!scheme) return 'not checked (unsupported)'
  try {
    const key = createPublicKey({ key: Buffer.from(spki), format: 'der', type: 'spki' })
    const pss = { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: scheme.saltLength ?? 0 }
    const holds = verify(scheme.hash, signed, scheme.kind === 'rsa-pss' ? { key, ...pss } : key, signature)
    return holds ? 'valid' : 'not valid'
  } catch {
    return 'not checked (unsupported)'
  }
}
