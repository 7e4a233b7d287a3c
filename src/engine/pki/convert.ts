import {
  CertificateChoices,
  CertificateSet,
  CMSVersion,
  ContentInfo,
  DigestAlgorithmIdentifiers,
  EncapsulatedContentInfo,
  id_data,
  id_signedData,
  SignedData,
  SignerInfos,
} from '@peculiar/asn1-cms'
import { AsnConvert } from '@peculiar/asn1-schema'
import { Certificate } from '@peculiar/asn1-x509'
import { encodeBase64Lines } from './base64.ts'

/** A PEM block (RFC 7468) with 64-column lines, as bytes: what holds a key must be zeroable. */
export function toPemBytes(der: Uint8Array, label = 'CERTIFICATE'): Buffer {
  const body = encodeBase64Lines(der)
  const pem = Buffer.concat([
    Buffer.from(`-----BEGIN ${label}-----\n`, 'latin1'),
    body,
    Buffer.from(`-----END ${label}-----\n`, 'latin1'),
  ])
  body.fill(0)
  return pem
}

/** A PEM block (RFC 7468) with 64-column lines. Not for keys: a string cannot be zeroed. */
export function toPem(der: Uint8Array, label = 'CERTIFICATE'): string {
  return toPemBytes(der, label).toString('latin1')
}

/**
 * A PKCS#7 file in DER that carries certificates and nothing else: SignedData without content or
 * signers (RFC 5652, section 5.1), what `.p7b` files are.
 */
export function toP7b(chain: Uint8Array[]): Uint8Array {
  const certificates = chain.map(
    (der) => new CertificateChoices({ certificate: AsnConvert.parse(der, Certificate) }),
  )
  const signedData = new SignedData({
    version: CMSVersion.v1,
    digestAlgorithms: new DigestAlgorithmIdentifiers(),
    encapContentInfo: new EncapsulatedContentInfo({ eContentType: id_data }),
    certificates: new CertificateSet(certificates),
    signerInfos: new SignerInfos(),
  })
  const content = AsnConvert.serialize(signedData)
  return new Uint8Array(AsnConvert.serialize(new ContentInfo({ contentType: id_signedData, content })))
}
