import { AsnArray, AsnProp, AsnPropTypes, AsnType, AsnTypeTypes } from '@peculiar/asn1-schema'
import { AlgorithmIdentifier } from './password-schemas.ts'

/** PKCS#12 (RFC 7292), with entries and octet strings as raw bytes. */
const any = { type: AsnPropTypes.Any } as const
const oid = { type: AsnPropTypes.ObjectIdentifier } as const

export class ContentInfo {
  contentType = ''
  content = new ArrayBuffer(0)
}
AsnProp(oid)(ContentInfo.prototype, 'contentType')
AsnProp({ ...any, context: 0 })(ContentInfo.prototype, 'content')

/** AuthenticatedSafe, with raw ContentInfos. */
export class AuthenticatedSafe extends AsnArray<ArrayBuffer> {}
AsnType({ type: AsnTypeTypes.Sequence, itemType: AsnPropTypes.Any })(AuthenticatedSafe)

export class MacData {
  mac = new ArrayBuffer(0)
  macSalt = new ArrayBuffer(0)
  iterations: number | string = 1
}
AsnProp(any)(MacData.prototype, 'mac')
AsnProp(any)(MacData.prototype, 'macSalt')
AsnProp({ type: AsnPropTypes.Integer, defaultValue: 1 })(MacData.prototype, 'iterations')

export class Pfx {
  version = 3
  authSafe = new ContentInfo()
  macData: MacData | undefined
}
AsnProp({ type: AsnPropTypes.Integer })(Pfx.prototype, 'version')
AsnProp({ type: ContentInfo })(Pfx.prototype, 'authSafe')
AsnProp({ type: MacData, optional: true })(Pfx.prototype, 'macData')

export class DigestInfo {
  digestAlgorithm = new AlgorithmIdentifier()
  digest = new ArrayBuffer(0)
}
AsnProp({ type: AlgorithmIdentifier })(DigestInfo.prototype, 'digestAlgorithm')
AsnProp(any)(DigestInfo.prototype, 'digest')

class EncryptedContentInfo {
  contentType = ''
  contentEncryptionAlgorithm = new AlgorithmIdentifier()
  encryptedContent = new ArrayBuffer(0)
}
AsnProp(oid)(EncryptedContentInfo.prototype, 'contentType')
AsnProp({ type: AlgorithmIdentifier })(EncryptedContentInfo.prototype, 'contentEncryptionAlgorithm')
AsnProp(any)(EncryptedContentInfo.prototype, 'encryptedContent')

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

/** CertBag and CRLBag: type, and the octets. */
export class TypedOctets {
  type = ''
  value = new ArrayBuffer(0)
}
AsnProp(oid)(TypedOctets.prototype, 'type')
AsnProp({ ...any, context: 0 })(TypedOctets.prototype, 'value')
