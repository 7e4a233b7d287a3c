import {
  DerError,
  explicitTag,
  implicitTag,
  inside,
  mapElements,
  readBitOctets,
  readCount,
  readObjectIdentifier,
  readOne,
  readTime,
  tags,
  type DerElement,
} from '../asn1/der.ts'
import { readAlgorithm, type Algorithm } from '../x509/algorithms.ts'
import { readName } from '../x509/distinguished-name.ts'
import { strictCertificateOf, type Certificate } from '../x509/certificate.ts'
import { type CertificateIdentifier, readIdentifier } from './certificate-id.ts'

/** A parsed OCSP response, not verified. */
export interface OcspResponse {
  tbs: Uint8Array
  signature: Uint8Array
  signatureAlgorithm: Algorithm
  /** Responder: a name's key, or the SHA-1 of a public key. */
  responder: { nameKey: string } | { keyHash: Uint8Array }
  answers: OcspAnswer[]
  /** Certificates for verification, sent by the responder. */
  certificates: Certificate[]
}

export interface OcspAnswer extends CertificateIdentifier {
  status: 'good' | 'revoked' | 'unknown'
  /** Milliseconds since 1970. */
  revokedAt: number | undefined
  /** CRLReason (RFC 5280, section 5.3.1). */
  reason: number | undefined
  thisUpdate: number
  /** Undefined: newer information is always available (RFC 6960, section 2.4). */
  nextUpdate: number | undefined
}

const basicResponse = '1.3.6.1.5.5.7.48.1.1'
const refusals = ['', 'malformedRequest', 'internalError', 'tryLater', '', 'sigRequired', 'unauthorized']

/**
 * Reads an OCSPResponse (RFC 6960, section 4.2.1), or the responder's reason for a refusal.
 * @throws `DerError` if it is neither
 */
export function readOcspResponse(der: Uint8Array): OcspResponse | { refusal: string } {
  const outer = inside(readOne(der, tags.sequence))
  const status = readCount(outer.next(tags.enumerated))
  if (status !== 0) return { refusal: refusals[status] || `status ${status}` }
  const bytes = inside(readOne(outer.next(explicitTag(0)).content, tags.sequence))
  outer.end()
  const type = readObjectIdentifier(bytes.next(tags.objectIdentifier))
  if (type !== basicResponse) throw new DerError(`a response of the type ${type} is not known here`)
  return readBasicResponse(bytes.next(tags.octetString).content)
}

function readBasicResponse(der: Uint8Array): OcspResponse {
  const outer = inside(readOne(der, tags.sequence))
  const tbs = outer.next(tags.sequence)
  const signatureAlgorithm = readAlgorithm(outer.next(tags.sequence))
  const signature = readBitOctets(outer.next(tags.bitString))
  const certificates = outer.optional(explicitTag(0))
  outer.end()
  const fields = inside(tbs)
  // Version 1 is the default and the only version, so it is encoded only by mistake.
  fields.optional(explicitTag(0))
  const responder = readResponder(fields.next())
  fields.next(tags.generalizedTime)
  const answers = mapElements(fields.next(tags.sequence), readAnswer)
  return {
    tbs: tbs.bytes,
    signature,
    signatureAlgorithm,
    responder,
    answers,
    certificates: certificates ? readCertificates(certificates) : [],
  }
}

function readCertificates(field: DerElement): Certificate[] {
  return mapElements(readOne(field.content, tags.sequence), ({ bytes }) => strictCertificateOf(bytes))
}

function readResponder(field: DerElement): OcspResponse['responder'] {
  if (field.tag === explicitTag(1)) return { nameKey: readName(readOne(field.content, tags.sequence)).key }
  if (field.tag === explicitTag(2)) return { keyHash: readOne(field.content, tags.octetString).content }
  throw new DerError('it does not say who answers')
}

function readAnswer(element: DerElement): OcspAnswer {
  const fields = inside(element)
  const identifier = readIdentifier(fields.next(tags.sequence))
  const status = readStatus(fields.next())
  const thisUpdate = readTime(fields.next(tags.generalizedTime))
  const next = fields.optional(explicitTag(0))
  const nextUpdate = next && readTime(readOne(next.content, tags.generalizedTime))
  return { ...identifier, ...status, thisUpdate, nextUpdate }
}

function readStatus(field: DerElement): Pick<OcspAnswer, 'status' | 'revokedAt' | 'reason'> {
  const other = { revokedAt: undefined, reason: undefined }
  if (field.tag === implicitTag(0)) return { status: 'good', ...other }
  if (field.tag === implicitTag(2)) return { status: 'unknown', ...other }
  if (field.tag !== explicitTag(1)) throw new DerError('it says nothing of the state of the certificate')
  const fields = inside(field)
  const revokedAt = readTime(fields.next(tags.generalizedTime))
  const reason = fields.optional(explicitTag(0))
  return {
    status: 'revoked',
    revokedAt,
    reason: reason && readCount(readOne(reason.content, tags.enumerated)),
  }
}
