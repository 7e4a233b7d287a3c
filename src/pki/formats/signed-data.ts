import { AsnConvert, AsnProp, AsnPropTypes } from '@peculiar/asn1-schema'

const idData = '1.2.840.113549.1.7.1'
const idSignedData = '1.2.840.113549.1.7.2'

class DataContent {
  contentType = idData
}
AsnProp({ type: AsnPropTypes.ObjectIdentifier })(DataContent.prototype, 'contentType')

/**
 * SignedData (RFC 5652, section 5.1) with certificates and revocation lists as raw bytes: decoding and
 * encoding may change the signed encoding.
 */
class SignedDataOutline {
  version = 1
  digestAlgorithms: ArrayBuffer[] = []
  encapContentInfo = AsnConvert.serialize(new DataContent())
  certificates: ArrayBuffer[] | undefined
  crls: ArrayBuffer[] | undefined
  signerInfos: ArrayBuffer[] = []
}
const any = { type: AsnPropTypes.Any } as const
const signed = SignedDataOutline.prototype
AsnProp({ type: AsnPropTypes.Integer })(signed, 'version')
AsnProp({ ...any, repeated: 'set' })(signed, 'digestAlgorithms')
AsnProp(any)(signed, 'encapContentInfo')
AsnProp({ ...any, repeated: 'set', context: 0, implicit: true, optional: true })(signed, 'certificates')
AsnProp({ ...any, repeated: 'set', context: 1, implicit: true, optional: true })(signed, 'crls')
AsnProp({ ...any, repeated: 'set' })(signed, 'signerInfos')

/** ContentInfo (RFC 5652, section 3) around any content. */
class ContentInfoOutline {
  contentType = idSignedData
  content = new ArrayBuffer(0)
}
AsnProp({ type: AsnPropTypes.ObjectIdentifier })(ContentInfoOutline.prototype, 'contentType')
AsnProp({ ...any, context: 0 })(ContentInfoOutline.prototype, 'content')

/** Content of a PKCS#7 file, each in DER. */
export interface SignedDataContents {
  certificates: Buffer[]
  revocationLists: Buffer[]
}

/** Reads a PKCS#7 file; undefined if `der` is none. Signatures are not checked. */
export function readSignedData(der: Uint8Array): SignedDataContents | undefined {
  try {
    const outer = AsnConvert.parse(der, ContentInfoOutline)
    if (outer.contentType !== idSignedData) return undefined
    const { certificates, crls } = AsnConvert.parse(outer.content, SignedDataOutline)
    const buffers = (values: ArrayBuffer[] | undefined) => (values ?? []).map((value) => Buffer.from(value))
    return { certificates: buffers(certificates), revocationLists: buffers(crls) }
  } catch {
    return undefined
  }
}

/** A PKCS#7 file in DER with certificates only: SignedData without content or signers, as in `.p7b` files. */
export function toP7b(chain: Uint8Array[]): Uint8Array {
  const signedData = new SignedDataOutline()
  signedData.certificates = chain.map((der) => new Uint8Array(der).buffer)
  const outer = new ContentInfoOutline()
  outer.content = AsnConvert.serialize(signedData)
  return new Uint8Array(AsnConvert.serialize(outer))
}
