import { AsnConvert, AsnProp, AsnPropTypes, OctetString } from '@peculiar/asn1-schema'
import { AlgorithmIdentifier } from '@peculiar/asn1-x509'
import { limits } from './limits.ts'

/** RFC 8018, appendix A.4. */
class Pbes2Parameters {
  keyDerivationFunc = new AlgorithmIdentifier()
  encryptionScheme = new AlgorithmIdentifier()
}
AsnProp({ type: AlgorithmIdentifier })(Pbes2Parameters.prototype, 'keyDerivationFunc')
AsnProp({ type: AlgorithmIdentifier })(Pbes2Parameters.prototype, 'encryptionScheme')

/** RFC 8018, appendix A.2. */
class Pbkdf2Parameters {
  salt = new OctetString()
  iterationCount: number | string = 0
  keyLength: number | undefined
  prf: AlgorithmIdentifier | undefined
}
AsnProp({ type: OctetString })(Pbkdf2Parameters.prototype, 'salt')
AsnProp({ type: AsnPropTypes.Integer })(Pbkdf2Parameters.prototype, 'iterationCount')
AsnProp({ type: AsnPropTypes.Integer, optional: true })(Pbkdf2Parameters.prototype, 'keyLength')
AsnProp({ type: AlgorithmIdentifier, optional: true })(Pbkdf2Parameters.prototype, 'prf')

/** RFC 7914, section 7. */
class ScryptParameters {
  salt = new OctetString()
  costParameter: number | string = 0
  blockSize: number | string = 0
  parallelization: number | string = 0
  keyLength: number | undefined
}
AsnProp({ type: OctetString })(ScryptParameters.prototype, 'salt')
AsnProp({ type: AsnPropTypes.Integer })(ScryptParameters.prototype, 'costParameter')
AsnProp({ type: AsnPropTypes.Integer })(ScryptParameters.prototype, 'blockSize')
AsnProp({ type: AsnPropTypes.Integer })(ScryptParameters.prototype, 'parallelization')
AsnProp({ type: AsnPropTypes.Integer, optional: true })(ScryptParameters.prototype, 'keyLength')

/** RFC 8018, appendix A.3, and RFC 7292, appendix C: the same shape. */
class PbeParameters {
  salt = new OctetString()
  iterations: number | string = 0
}
AsnProp({ type: OctetString })(PbeParameters.prototype, 'salt')
AsnProp({ type: AsnPropTypes.Integer })(PbeParameters.prototype, 'iterations')

const oids = {
  pbes2: '1.2.840.113549.1.5.13',
  pbkdf2: '1.2.840.113549.1.5.12',
  scrypt: '1.3.6.1.4.1.11591.4.11',
}

/**
 * Why a passphrase must not be tried against this encryption: its file asks for more work than
 * any honest one does. Undefined where it may be tried.
 */
export function tooCostly(encryption: AlgorithmIdentifier): string | undefined {
  if (!encryption.parameters) return 'its encryption has no parameters'
  if (encryption.algorithm !== oids.pbes2) {
    return tooManyRounds(AsnConvert.parse(encryption.parameters, PbeParameters).iterations)
  }
  const { keyDerivationFunc } = AsnConvert.parse(encryption.parameters, Pbes2Parameters)
  const parameters = keyDerivationFunc.parameters ?? new ArrayBuffer(0)
  if (keyDerivationFunc.algorithm === oids.pbkdf2) {
    return tooManyRounds(AsnConvert.parse(parameters, Pbkdf2Parameters).iterationCount)
  }
  if (keyDerivationFunc.algorithm !== oids.scrypt) {
    return `its key derivation ${keyDerivationFunc.algorithm} is not known`
  }
  const scrypt = AsnConvert.parse(parameters, ScryptParameters)
  const cost = Number(scrypt.costParameter) * Number(scrypt.blockSize) * Number(scrypt.parallelization)
  return cost > limits.scryptCost
    ? 'its scrypt derivation asks for more work than is done for any file'
    : undefined
}

function tooManyRounds(iterations: number | string): string | undefined {
  const rounds = Number(iterations)
  if (rounds >= 1 && rounds <= limits.derivationRounds) return undefined
  return `its key derivation asks for ${rounds} rounds, and at most ${limits.derivationRounds} are run`
}
