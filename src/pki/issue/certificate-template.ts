import { createHash, createPublicKey, type KeyObject, randomBytes, sign } from 'node:crypto'
import { AsnConvert, OctetString } from '@peculiar/asn1-schema'
import {
  AlgorithmIdentifier,
  AttributeTypeAndValue,
  AttributeValue,
  Certificate,
  Extension,
  Extensions,
  Name,
  RelativeDistinguishedName,
  SubjectPublicKeyInfo,
  TBSCertificate,
  Time,
  Validity,
  Version,
} from '@peculiar/asn1-x509'
import { EdgekeepError } from '../../contract/errors/registry.ts'

/** Content of a certificate; its signature algorithm is ECDSA with SHA-256. */
export interface CertificateTemplate {
  subject: Name
  issuer: Name
  notBefore: Date
  notAfter: Date
  publicKey: KeyObject
  extensions: Extension[]
}

/** Without parameters (RFC 5758, section 3.2). */
const ecdsaWithSha256 = new AlgorithmIdentifier({ algorithm: '1.2.840.10045.4.3.2' })

export function commonNameOnly(commonName: string | undefined): Name {
  if (commonName === undefined) return new Name()
  const value = new AttributeValue({ utf8String: commonName })
  return new Name([new RelativeDistinguishedName([new AttributeTypeAndValue({ type: '2.5.4.3', value })])])
}

export function extension(extnID: string, value: unknown, critical = false): Extension {
  return new Extension({ extnID, critical, extnValue: new OctetString(AsnConvert.serialize(value)) })
}

/** The leftmost 160 bits of the SHA-256 of the public key's bits (RFC 7093, section 2, method 1). */
export function keyIdentifier(publicKey: KeyObject): OctetString {
  const hash = createHash('sha256')
    .update(new Uint8Array(readSpki(publicKey).subjectPublicKey))
    .digest()
  return new OctetString(new Uint8Array(hash.subarray(0, 20)).buffer)
}

/** Signs the template with an ECDSA P-256 key. Returns the certificate in DER. */
export function signCertificate(template: CertificateTemplate, issuerKey: KeyObject): Buffer {
  const tbsCertificate = new TBSCertificate({
    version: Version.v3,
    serialNumber: serialNumber(),
    signature: ecdsaWithSha256,
    issuer: template.issuer,
    validity: validity(template),
    subject: template.subject,
    subjectPublicKeyInfo: readSpki(template.publicKey),
    extensions: new Extensions(template.extensions),
  })
  const signature = sign('sha256', Buffer.from(AsnConvert.serialize(tbsCertificate)), issuerKey)
  const certificate = new Certificate({
    tbsCertificate,
    signatureAlgorithm: ecdsaWithSha256,
    signatureValue: new Uint8Array(signature).buffer,
  })
  return Buffer.from(AsnConvert.serialize(certificate))
}

function readSpki(key: KeyObject): SubjectPublicKeyInfo {
  const publicKey = key.type === 'private' ? createPublicKey(key) : key
  return AsnConvert.parse(publicKey.export({ type: 'spki', format: 'der' }), SubjectPublicKeyInfo)
}

/** Positive and always 16 bytes: the first byte is between 0x40 and 0x7f (RFC 5280, section 4.1.2.2). */
function serialNumber(): ArrayBuffer {
  const bytes = new Uint8Array(randomBytes(16))
  bytes[0] = ((bytes[0] as number) & 0x3f) | 0x40
  return bytes.buffer
}

/** Years have four digits (RFC 5280, section 4.1.2.5). */
const lastMoment = Date.parse('9999-12-31T23:59:59Z')

/** @throws `issue.after_9999` */
function validity({ notBefore, notAfter }: CertificateTemplate): Validity {
  if (notAfter.getTime() > lastMoment) throw new EdgekeepError('issue.after_9999', {})
  const whole = (date: Date) => new Time(new Date(Math.floor(date.getTime() / 1000) * 1000))
  const validity = new Validity()
  validity.notBefore = whole(notBefore)
  validity.notAfter = whole(notAfter)
  return validity
}
