import { createPublicKey, sign, type KeyObject } from 'node:crypto'
import { isIP } from 'node:net'
import { AsnConvert, AsnProp, AsnPropTypes } from '@peculiar/asn1-schema'
import {
  AlgorithmIdentifier,
  Attribute,
  Extensions,
  GeneralName,
  Name,
  SubjectAlternativeName,
  SubjectPublicKeyInfo,
} from '@peculiar/asn1-x509'
import { oids } from './authority-certificates.ts'
import { extension } from './certificate-template.ts'

/** CertificationRequestInfo and CertificationRequest (RFC 2986, section 4). */
class RequestInfo {
  version = 0
  subject = new Name()
  subjectPublicKeyInfo = new SubjectPublicKeyInfo()
  attributes: Attribute[] = []
}
AsnProp({ type: AsnPropTypes.Integer })(RequestInfo.prototype, 'version')
AsnProp({ type: Name })(RequestInfo.prototype, 'subject')
AsnProp({ type: SubjectPublicKeyInfo })(RequestInfo.prototype, 'subjectPublicKeyInfo')
AsnProp({ type: Attribute, repeated: 'set', context: 0, implicit: true })(RequestInfo.prototype, 'attributes')

class SignedRequest {
  info = new ArrayBuffer(0)
  signatureAlgorithm = new AlgorithmIdentifier()
  signature = new ArrayBuffer(0)
}
AsnProp({ type: AsnPropTypes.Any })(SignedRequest.prototype, 'info')
AsnProp({ type: AlgorithmIdentifier })(SignedRequest.prototype, 'signatureAlgorithm')
AsnProp({ type: AsnPropTypes.BitString })(SignedRequest.prototype, 'signature')

const extensionRequest = '1.2.840.113549.1.9.14'
/** RFC 5758, section 3.2, without parameters; RFC 4055, section 5, with NULL. */
const nothing = new Uint8Array([0x05, 0x00]).buffer
const algorithms = {
  'ecdsa-sha256': new AlgorithmIdentifier({ algorithm: '1.2.840.10045.4.3.2' }),
  'ecdsa-sha384': new AlgorithmIdentifier({ algorithm: '1.2.840.10045.4.3.3' }),
  'rsa-sha256': new AlgorithmIdentifier({ algorithm: '1.2.840.113549.1.1.11', parameters: nothing }),
}

/**
 * DER of a PKCS#10 request for `names` (domains, wildcards, IP addresses) by their private key: RSA, P-256 or
 * P-384. The subject is empty: authorities take the names from where clients look for them.
 */
export function createCertificateRequest(names: readonly string[], privateKey: KeyObject): Buffer {
  const altNames = new SubjectAlternativeName(
    names.map((name) => new GeneralName(isIP(name) === 0 ? { dNSName: name } : { iPAddress: name })),
  )
  const info = new RequestInfo()
  const spki = createPublicKey(privateKey).export({ type: 'spki', format: 'der' })
  info.subjectPublicKeyInfo = AsnConvert.parse(spki, SubjectPublicKeyInfo)
  const extensions = AsnConvert.serialize(new Extensions([extension(oids.names, altNames)]))
  info.attributes = [new Attribute({ type: extensionRequest, values: [extensions] })]
  const request = new SignedRequest()
  request.info = AsnConvert.serialize(info)
  const [algorithm, hash] = algorithmOf(privateKey)
  request.signatureAlgorithm = algorithms[algorithm]
  request.signature = new Uint8Array(sign(hash, Buffer.from(request.info), privateKey)).buffer
  return Buffer.from(AsnConvert.serialize(request))
}

function algorithmOf({ asymmetricKeyType, asymmetricKeyDetails }: KeyObject) {
  if (asymmetricKeyType === 'rsa') return ['rsa-sha256', 'sha256'] as const
  const isLarge = asymmetricKeyDetails?.namedCurve === 'secp384r1'
  return isLarge ? (['ecdsa-sha384', 'sha384'] as const) : (['ecdsa-sha256', 'sha256'] as const)
}
