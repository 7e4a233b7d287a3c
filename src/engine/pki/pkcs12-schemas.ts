import {
  AsnArray,
  AsnConstructedOctetStringConverter,
  AsnProp,
  AsnPropTypes,
  AsnType,
  AsnTypeTypes,
  OctetString,
} from '@peculiar/asn1-schema'
import { AlgorithmIdentifier } from './password-schemas.ts'

/** PKCS#12 (RFC 7292), with what its entries hold left as DER. */
const any = { type: AsnPropTypes.Any } as const
const oid = { type: AsnPropTypes.ObjectIdentifier } as const
/** Windows and Firefox write octet strings in pieces (BER). */
const octets = { type: AsnPropTypes.OctetString, converter: AsnConstructedOctetStringConverter } as const

/** ContentInfo of any kind. */
export class ContentInfo {
  contentType = ''
  content = new ArrayBuffer(0)
}
AsnProp(oid)(ContentInfo.prototype, 'contentType')
AsnProp({ ...any, context: 0 })(ContentInfo.prototype, 'content')

/** ContentInfo of the kind that holds plain bytes. */
export class DataContentInfo {
  contentType = ''
  content = new OctetString()
}
AsnProp(oid)(DataContentInfo.prototype, 'contentType')
AsnProp({ ...octets, context: 0 })(DataContentInfo.prototype, 'content')

/** AuthenticatedSafe, its ContentInfos as DER. */
export class AuthenticatedSafe extends AsnArray<ArrayBuffer> {}
AsnType({ type: AsnTypeTypes.Sequence, itemType: AsnPropTypes.Any })(AuthenticatedSafe)

export class DigestInfo {
  digestAlgorithm = new AlgorithmIdentifier()
  digest = new OctetString()
}
AsnProp({ type: AlgorithmIdentifier })(DigestInfo.prototype, 'digestAlgorithm')
AsnProp(octets)(DigestInfo.prototype, 'digest')

export class MacData {
  mac = new DigestInfo()
  macSalt = new OctetString()
  iterations: number | string = 1
}
AsnProp({ type: DigestInfo })(MacData.prototype, 'mac')
AsnProp(octets)(MacData.prototype, 'macSalt')
AsnProp({ type: AsnPropTypes.Integer, defaultValue: 1 })(MacData.prototype, 'iterations')

export class Pfx {
  version = 3
  authSafe = new ArrayBuffer(0)
  macData: MacData | undefined
}
AsnProp({ type: AsnPropTypes.Integer })(Pfx.prototype, 'version')
AsnProp(any)(Pfx.prototype, 'authSafe')
AsnProp({ type: MacData, optional: true })(Pfx.prototype, 'macData')

export class EncryptedContentInfo {
  contentType = ''
  contentEncryptionAlgorithm = new AlgorithmIdentifier()
  encryptedContent = new OctetString()
}
AsnProp(oid)(EncryptedContentInfo.prototype, 'contentType')
AsnProp({ type: AlgorithmIdentifier })(EncryptedContentInfo.prototype, 'contentEncryptionAlgorithm')
AsnProp({ ...octets, context: 0, implicit: true })(EncryptedContentInfo.prototype, 'encryptedContent')

export class EncryptedData {
  version = 0
  encryptedContentInfo = new EncryptedContentInfo()
}
AsnProp({ type: AsnPropTypes.Integer })(EncryptedData.prototype, 'version')
AsnProp({ type: EncryptedContentInfo })(EncryptedData.prototype, 'encryptedContentInfo')

export class SafeBag {
  bagId = ''
  bagValue = new ArrayBuffer(0)
  bagAttributes: ArrayBuffer[] | undefined
}
AsnProp(oid)(SafeBag.prototype, 'bagId')
AsnProp({ ...any, context: 0 })(SafeBag.prototype, 'bagValue')
AsnProp({ ...any, repeated: 'set', optional: true })(SafeBag.prototype, 'bagAttributes')

export class SafeContents extends AsnArray<SafeBag> {}
AsnType({ type: AsnTypeTypes.Sequence, itemType: SafeBag })(SafeContents)

/** The shape of CertBag and CRLBag: what kind, and the bytes. */
export class TypedOctets {
  type = ''
  value = new OctetString()
}
AsnProp(oid)(TypedOctets.prototype, 'type')
AsnProp({ ...octets, context: 0 })(TypedOctets.prototype, 'value')
