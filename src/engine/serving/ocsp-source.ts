import { strictCertificateOf, type Certificate } from '../../pki/x509/certificate.ts'
import { accessUrls } from '../../pki/x509/extension-contents.ts'
import { isSignedBy } from '../../pki/x509/signatures.ts'
import type { Core } from '../core/core.ts'
import { trustedAnchors } from '../certificates/verdicts.ts'

/** Source of OCSP responses for one certificate. */
export interface Responder {
  leaf: Certificate
  issuer: Certificate
  address: string
}

export interface NoResponder {
  /** A sentence. */
  problem: string
  address: string | null
}

/** Returns the OCSP responder for a chain, leaf first, or the reason why there is none. */
export function responderOf(parts: Core, [leafDer, ...rest]: Uint8Array[]): Responder | NoResponder {
  const leaf = leafDer ? parsedOrNull(leafDer) : null
  if (!leaf)
    return {
      problem: 'The certificate breaks the rules of its format, so that nothing is asked about it.',
      address: null,
    }
  const addresses = accessUrls(leaf.decoded.authorityInfoAccess, 'ocsp')
  const address = addresses.find((each) => /^https?:\/\//i.test(each)) ?? null
  if (address === null) return { problem: 'The certificate names no OCSP responder.', address }
  const others = [...rest, ...trustedAnchors(parts).flatMap(({ certificates }) => certificates)]
  const issuer = others
    .values()
    .map(parsedOrNull)
    .find((each) => each !== null && hasIssued(each, leaf))
  if (!issuer) return { problem: 'The certificate that issued it is not known here.', address }
  return { leaf, issuer, address }
}

function parsedOrNull(der: Uint8Array): Certificate | null {
  try {
    return strictCertificateOf(der)
  } catch {
    // OpenSSL accepts some certificates that Edgekeep's stricter parser rejects; such a root is no issuer
    // here.
    return null
  }
}

function hasIssued(issuer: Certificate, leaf: Certificate): boolean {
  return issuer.subject.key === leaf.issuer.key && isSignedBy(leaf, issuer)
}
