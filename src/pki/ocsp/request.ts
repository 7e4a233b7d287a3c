import { tags } from '../asn1/der.ts'
import type { Certificate } from '../x509/certificate.ts'
import { certificateIdentifier } from './certificate-id.ts'

/**
 * Requests the status of one certificate (RFC 6960, section 4.1) in the form of RFC 9654 for staples: no
 * nonce, no signature. SHA-1 only identifies the issuer here, and every responder supports it.
 */
export function ocspRequest(leaf: Certificate, issuer: Certificate): Uint8Array {
  const { issuerNameHash, issuerKeyHash, serial } = certificateIdentifier(leaf, issuer, 'sha1')
  const identifier = element(
    tags.sequence,
    sha1Algorithm,
    element(tags.octetString, issuerNameHash),
    element(tags.octetString, issuerKeyHash),
    element(tags.integer, serial),
  )
  const requests = element(tags.sequence, element(tags.sequence, identifier))
  return element(tags.sequence, element(tags.sequence, requests))
}

const sha1Algorithm = Uint8Array.from(Buffer.from('300906052b0e03021a0500', 'hex'))

/** Every element here is shorter than 128 octets, so each length is one octet (X.690, section 8.1.3.4). */
function element(tag: number, ...content: Uint8Array[]): Uint8Array {
  const body = Buffer.concat(content)
  if (body.length > 127) throw new RangeError('an OCSP request is longer than its parts can be')
  return Buffer.concat([Uint8Array.of(tag, body.length), body])
}
