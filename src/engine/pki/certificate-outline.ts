import { AsnConvert, AsnProp, AsnPropTypes, AsnIntegerArrayBufferConverter } from '@peculiar/asn1-schema'
import { Extension } from '@peculiar/asn1-x509'

/**
 * RFC 5280, section 4.1, with the parts that node:crypto reads better (names, validity, key)
 * left as DER: reading them again as objects costs more than the rest together.
 */
class TbsCertificateOutline {
  version = 0
  serialNumber = new ArrayBuffer(0)
  signature = new ArrayBuffer(0)
  issuer = new ArrayBuffer(0)
  validity = new ArrayBuffer(0)
  subject = new ArrayBuffer(0)
  subjectPublicKeyInfo = new ArrayBuffer(0)
  issuerUniqueID: ArrayBuffer | undefined
  subjectUniqueID: ArrayBuffer | undefined
  extensions: Extension[] | undefined
}
class CertificateOutline {
  tbsCertificate = new TbsCertificateOutline()
  signatureAlgorithm = new ArrayBuffer(0)
  signatureValue = new ArrayBuffer(0)
}

const any = { type: AsnPropTypes.Any } as const
const tbs = TbsCertificateOutline.prototype
AsnProp({ type: AsnPropTypes.Integer, context: 0, defaultValue: 0 })(tbs, 'version')
AsnProp({ type: AsnPropTypes.Integer, converter: AsnIntegerArrayBufferConverter })(tbs, 'serialNumber')
for (const name of ['signature', 'issuer', 'validity', 'subject', 'subjectPublicKeyInfo'])
  AsnProp(any)(tbs, name)
AsnProp({ type: AsnPropTypes.BitString, context: 1, implicit: true, optional: true })(tbs, 'issuerUniqueID')
AsnProp({ type: AsnPropTypes.BitString, context: 2, implicit: true, optional: true })(tbs, 'subjectUniqueID')
AsnProp({ type: Extension, context: 3, repeated: 'sequence', optional: true })(tbs, 'extensions')
AsnProp({ type: TbsCertificateOutline })(CertificateOutline.prototype, 'tbsCertificate')
AsnProp(any)(CertificateOutline.prototype, 'signatureAlgorithm')
AsnProp({ type: AsnPropTypes.BitString })(CertificateOutline.prototype, 'signatureValue')

/** Reads a certificate's outline; throws what the ASN.1 library throws. */
export function readOutline(der: Uint8Array): TbsCertificateOutline & { signatureAlgorithm: ArrayBuffer } {
  const { tbsCertificate, signatureAlgorithm } = AsnConvert.parse(der, CertificateOutline)
  return Object.assign(tbsCertificate, { signatureAlgorithm })
}
