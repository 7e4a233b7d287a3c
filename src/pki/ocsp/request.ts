import {
  DerError,
  explicitTag,
  inside,
  mapElements,
  readObjectIdentifier,
  readOne,
  tags,
  type DerElement,
} from '../asn1/der.ts'
import type { Certificate } from '../x509/certificate.ts'
import * as der from '../asn1/der-writer.ts'
import { type CertificateIdentifier, keyHash, nameHash, readIdentifier } from './certificate-id.ts'

/** An OCSP request (RFC 6960, section 4.1.1). */
export interface OcspAsked {
  certificates: AskedCertificate[]
  /** The nonce extension's value, to be echoed; undefined without one. */
  nonce: Uint8Array | undefined
}

export interface AskedCertificate extends CertificateIdentifier {
  /** The CertID verbatim: the response repeats it. */
  bytes: Uint8Array
}

export const nonceOid = '1.3.6.1.5.5.7.48.1.2'
/** RFC 9654, section 2.1, plus the OCTET STRING around it. */
const longestNonce = 128 + 3
const mostAsked = 20

/** @throws `DerError` for a malformed request or one with too many certificates */
export function readOcspRequest(bytes: Uint8Array): OcspAsked {
  const outer = inside(readOne(bytes, tags.sequence))
  const content = inside(outer.next(tags.sequence))
  // Request signatures are ignored: everybody gets the same response.
  outer.optional(explicitTag(0))
  outer.end()
  content.optional(explicitTag(0))
  content.optional(explicitTag(1))
  const certificates = mapElements(content.next(tags.sequence), readAsked)
  const extensions = content.optional(explicitTag(2))
  content.end()
  if (certificates.length === 0 || certificates.length > mostAsked)
    throw new DerError(`it asks about ${certificates.length} certificates`)
  return { certificates, nonce: extensions && nonceIn(readOne(extensions.content, tags.sequence)) }
}

function readAsked(request: DerElement): AskedCertificate {
  const fields = inside(request)
  const identifier = fields.next(tags.sequence)
  fields.optional(explicitTag(0))
  fields.end()
  return { ...readIdentifier(identifier), bytes: identifier.bytes }
}

function nonceIn(extensions: DerElement): Uint8Array | undefined {
  const found = mapElements(extensions, (extension) => {
    const fields = inside(extension)
    const oid = readObjectIdentifier(fields.next(tags.objectIdentifier))
    fields.optional(tags.boolean)
    const { content } = fields.next(tags.octetString)
    fields.end()
    return oid === nonceOid ? [content] : []
  }).flat()
  const [nonce] = found
  if (nonce && nonce.length > longestNonce) throw new DerError('its nonce is too long')
  return nonce
}

const sha1Algorithm = Buffer.from('300906052b0e03021a0500', 'hex')

/**
 * Requests the status of one certificate (RFC 6960, section 4.1) in the form of RFC 9654 for staples: no
 * nonce, no signature. SHA-1 only identifies the issuer here, and every responder supports it.
 */
export function ocspRequest({ serial }: Certificate, issuer: Certificate): Uint8Array {
  const identifier = der.sequence(
    sha1Algorithm,
    der.octetString(nameHash(issuer, 'sha1')),
    der.octetString(keyHash(issuer, 'sha1')),
    der.element(tags.integer, serial),
  )
  return der.sequence(der.sequence(der.sequence(der.sequence(identifier))))
}
