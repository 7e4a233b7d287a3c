import { AsnConstructedOctetStringConverter, AsnProp, AsnPropTypes, OctetString } from '@peculiar/asn1-schema'

/** Numbers above 32 bits are strings. */
type AnyNumber = number | string

/** RFC 5280, section 4.1.1.2. Parameters that are NULL are null. */
export class AlgorithmIdentifier {
  algorithm = ''
  parameters: ArrayBuffer | null | undefined
}
AsnProp({ type: AsnPropTypes.ObjectIdentifier })(AlgorithmIdentifier.prototype, 'algorithm')
AsnProp({ type: AsnPropTypes.Any, optional: true })(AlgorithmIdentifier.prototype, 'parameters')

/** Encrypted PKCS#8 (RFC 5958, section 3). */
export class EncryptedPrivateKeyInfo {
  encryptionAlgorithm = new AlgorithmIdentifier()
  encryptedData = new OctetString()
}
AsnProp({ type: AlgorithmIdentifier })(EncryptedPrivateKeyInfo.prototype, 'encryptionAlgorithm')
AsnProp({ type: AsnPropTypes.OctetString, converter: AsnConstructedOctetStringConverter })(
  EncryptedPrivateKeyInfo.prototype,
  'encryptedData',
)

/**
 * Parameters of PBES2 and PBMAC1 (RFC 8018, appendix A.4 and A.5): a derivation and the scheme that uses its
 * key.
 */
export class TwoStepParameters {
  derivation = new AlgorithmIdentifier()
  scheme = new AlgorithmIdentifier()
}
AsnProp({ type: AlgorithmIdentifier })(TwoStepParameters.prototype, 'derivation')
AsnProp({ type: AlgorithmIdentifier })(TwoStepParameters.prototype, 'scheme')

/** RFC 8018, appendix A.2. */
export class Pbkdf2Parameters {
  salt = new OctetString()
  iterationCount: AnyNumber = 0
  keyLength: AnyNumber | undefined
  prf: AlgorithmIdentifier | undefined
}
AsnProp({ type: OctetString })(Pbkdf2Parameters.prototype, 'salt')
AsnProp({ type: AsnPropTypes.Integer })(Pbkdf2Parameters.prototype, 'iterationCount')
AsnProp({ type: AsnPropTypes.Integer, optional: true })(Pbkdf2Parameters.prototype, 'keyLength')
AsnProp({ type: AlgorithmIdentifier, optional: true })(Pbkdf2Parameters.prototype, 'prf')

/** RFC 7914, section 7. */
export class ScryptParameters {
  salt = new OctetString()
  costParameter: AnyNumber = 0
  blockSize: AnyNumber = 0
  parallelization: AnyNumber = 0
  keyLength: AnyNumber | undefined
}
AsnProp({ type: OctetString })(ScryptParameters.prototype, 'salt')
AsnProp({ type: AsnPropTypes.Integer })(ScryptParameters.prototype, 'costParameter')
AsnProp({ type: AsnPropTypes.Integer })(ScryptParameters.prototype, 'blockSize')
AsnProp({ type: AsnPropTypes.Integer })(ScryptParameters.prototype, 'parallelization')
AsnProp({ type: AsnPropTypes.Integer, optional: true })(ScryptParameters.prototype, 'keyLength')

/** RFC 8018, appendix A.3, and RFC 7292, appendix C: the same shape. */
export class PbeParameters {
  salt = new OctetString()
  iterations: AnyNumber = 0
}
AsnProp({ type: OctetString })(PbeParameters.prototype, 'salt')
AsnProp({ type: AsnPropTypes.Integer })(PbeParameters.prototype, 'iterations')
