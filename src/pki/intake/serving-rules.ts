import type { PublicKeyFacts } from '../../contract/inspect/certificate-facts.ts'
import { EdgekeepError, type Place } from '../../contract/errors/registry.ts'
import type { IntakePiece } from './intake-piece.ts'

/**
 * Certificates and keys that OpenSSL 3.5's TLS server loads and can use at its default security level, 2 (112
 * bits). Anything else is refused before it is stored. Weak signatures (SHA-1, MD5) are not refused, because
 * the server does not check its own certificate's signature; the facts and the verifier report them.
 */
const curvesOfTls = new Set([
  'P-256',
  'P-384',
  'P-521',
  'brainpoolP256r1',
  'brainpoolP384r1',
  'brainpoolP512r1',
])
const plainTypes = /^(Ed25519|Ed448|ML-DSA-(44|65|87))$/
const leastRsaBits = 2048

/** Reason why this leaf with its intermediates cannot be served, or undefined. */
export function servingFault(links: IntakePiece[], keyPlace: Place | undefined): EdgekeepError | undefined {
  const [leaf] = links
  const leafKey = leaf?.certificate?.facts.publicKey
  if (leafKey && !hasTlsType(leafKey)) {
    const type = leafKey.curve ? `${leafKey.type} ${leafKey.curve}` : leafKey.type
    return new EdgekeepError('key.unsupported_type', { ...(keyPlace ? { place: keyPlace } : {}), type })
  }
  const weak = links.find(({ certificate }) => isWeak(certificate?.facts.publicKey))
  if (!weak) return undefined
  const bits = weak.certificate?.facts.publicKey.bits
  const reason = `its key has ${bits} bits, and TLS needs ${leastRsaBits} for RSA`
  return new EdgekeepError('certificate.weak', { place: weak.place, reason })
}

function hasTlsType({ type, curve }: PublicKeyFacts): boolean {
  if (type === 'EC') return curve !== undefined && curvesOfTls.has(curve)
  return type === 'RSA' || type === 'RSA-PSS' || plainTypes.test(type)
}

function isWeak(key: PublicKeyFacts | undefined): boolean {
  return key !== undefined && /^(RSA|RSA-PSS|DSA)$/.test(key.type) && (key.bits ?? 0) < leastRsaBits
}
