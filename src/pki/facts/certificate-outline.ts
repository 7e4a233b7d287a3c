import { type Algorithm, readAlgorithm } from '../x509/algorithms.ts'
import {
  type DerElement,
  DerReader,
  explicitTag,
  implicitTag,
  inside,
  mapElements,
  readBoolean,
  readCount,
  readObjectIdentifier,
  readOne,
  readTime,
  tags,
} from '../asn1/der.ts'
import { type DistinguishedName, readName } from '../x509/distinguished-name.ts'

export interface OutlineExtension {
  oid: string
  critical: boolean
  /** The DER inside the OCTET STRING. */
  value: Uint8Array
}

/** Certificate fields that node:crypto does not expose. All byte arrays are views into the input. */
export interface CertificateOutline {
  /** The certificate alone, without trailing bytes. */
  bytes: Uint8Array
  /** 1 to 3. */
  version: number
  serial: Uint8Array
  signatureAlgorithm: Algorithm
  issuer: DistinguishedName
  subject: DistinguishedName
  /**
   * Milliseconds since 1970. Parsed here, because Node returns uninitialised memory for a time that OpenSSL
   * cannot read.
   */
  notBefore: number
  notAfter: number
  spki: Uint8Array
  /** In order, including duplicates, which the verifier refuses and the inspector shows. */
  extensions: OutlineExtension[]
}

/** Reads a certificate's outer structure (RFC 5280, section 4.1). @throws DerError */
export function readOutline(der: Uint8Array): CertificateOutline {
  const element = firstElement(der)
  const outer = inside(element)
  const tbs = inside(outer.next(tags.sequence))
  const signatureAlgorithm = readAlgorithm(outer.next(tags.sequence))
  const versionField = tbs.optional(explicitTag(0))
  const version = versionField ? readCount(readOne(versionField.content, tags.integer)) + 1 : 1
  const serial = tbs.next(tags.integer).content
  tbs.next(tags.sequence)
  const issuer = readName(tbs.next(tags.sequence))
  const validity = inside(tbs.next(tags.sequence))
  const notBefore = readTime(validity.next())
  const notAfter = readTime(validity.next())
  const subject = readName(tbs.next(tags.sequence))
  const spki = tbs.next(tags.sequence).bytes
  const extensions = readExtensionField(tbs)
  return {
    bytes: element.bytes,
    version,
    serial,
    signatureAlgorithm,
    issuer,
    subject,
    notBefore,
    notAfter,
    spki,
    extensions,
  }
}

function firstElement(der: Uint8Array): DerElement {
  return new DerReader(der).next(tags.sequence)
}

function readExtensionField(tbs: DerReader): OutlineExtension[] {
  tbs.optional(implicitTag(1))
  tbs.optional(implicitTag(2))
  const field = tbs.optional(explicitTag(3))
  return field ? readExtensionList(readOne(field.content, tags.sequence)) : []
}

/** Reads the extensions of certificates, requests and revocation lists. @throws DerError */
export function readExtensionList(sequence: DerElement): OutlineExtension[] {
  return mapElements(sequence, (element) => {
    const fields = inside(element)
    const oid = readObjectIdentifier(fields.next(tags.objectIdentifier))
    const critical = fields.optional(tags.boolean)
    return {
      oid,
      critical: critical !== undefined && readBoolean(critical),
      value: fields.next(tags.octetString).content,
    }
  })
}
