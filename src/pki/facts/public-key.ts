import { createPublicKey, ECDH, hash, type KeyObject } from 'node:crypto'
import { AsnConvert, AsnProp, AsnPropTypes } from '@peculiar/asn1-schema'
import type { PublicKeyFacts } from '../../contract/inspect/certificate-facts.ts'
import { curveOfOpenSsl, readPlainSpki } from '../x509/plain-spki.ts'
import { readAlgorithm } from '../x509/algorithms.ts'
import { inside, leniently, readObjectIdentifier, readOne, tags } from '../asn1/der.ts'
import { foreignKeyNames } from '../asn1/object-identifiers.ts'

const typeNames = new Map<string, string>(
  Object.entries({
    rsa: 'RSA',
    'rsa-pss': 'RSA-PSS',
    ec: 'EC',
    ed25519: 'Ed25519',
    ed448: 'Ed448',
    x25519: 'X25519',
    x448: 'X448',
    dsa: 'DSA',
    dh: 'DH',
  }),
)

/** Facts of a SubjectPublicKeyInfo in DER, of any algorithm. @throws DerError */
export function spkiFacts(spki: Uint8Array): PublicKeyFacts {
  const plain = readPlainSpki(spki)
  if (plain) return { ...plain, spkiSha256: hash('sha256', spki) }
  try {
    return publicKeyFacts(createPublicKey({ key: Buffer.from(spki), format: 'der', type: 'spki' }))
  } catch {
    // OpenSSL cannot load it; only its algorithm and the hash of its bytes are known.
    return { type: foreignKeyName(spki), spkiSha256: hash('sha256', spki) }
  }
}

export function publicKeyFacts(publicKey: KeyObject): PublicKeyFacts {
  const { namedCurve, modulusLength } = publicKey.asymmetricKeyDetails ?? {}
  const type =
    publicKey.asymmetricKeyType ?? foreignKeyName(publicKey.export({ type: 'spki', format: 'der' }))
  const curve = namedCurve === undefined ? undefined : curveOfOpenSsl(namedCurve)
  const bits = modulusLength ?? curve?.bits
  return {
    type: typeNames.get(type) ?? type.toUpperCase(),
    bits,
    ...(namedCurve === undefined ? {} : { curve: curve?.name ?? namedCurve }),
    spkiSha256: hash('sha256', normalisedSpki(publicKey, namedCurve)),
  }
}

/** Name of an algorithm without one in Node; the OID of an unknown one. @throws DerError */
function foreignKeyName(spki: Uint8Array): string {
  const { oid, parameters } = readAlgorithm(inside(readOne(spki, tags.sequence)).next(tags.sequence))
  const curve = leniently(
    [],
    () => parameters && readObjectIdentifier(readOne(parameters, tags.objectIdentifier)),
    undefined,
  )
  return foreignKeyNames.get(curve ?? '') ?? foreignKeyNames.get(oid) ?? oid
}

/** SubjectPublicKeyInfo (RFC 5280, section 4.1) with its algorithm as raw bytes. */
class Spki {
  algorithm = new ArrayBuffer(0)
  subjectPublicKey = new ArrayBuffer(0)
}
AsnProp({ type: AsnPropTypes.Any })(Spki.prototype, 'algorithm')
AsnProp({ type: AsnPropTypes.BitString })(Spki.prototype, 'subjectPublicKey')

/**
 * SubjectPublicKeyInfo in DER with an EC point in uncompressed form (RFC 5480, section 2.2): a point has two
 * encodings, and OpenSSL keeps the one it read.
 */
function normalisedSpki(publicKey: KeyObject, curve: string | undefined): Uint8Array {
  const der = publicKey.export({ type: 'spki', format: 'der' })
  if (curve === undefined) return der
  const spki = AsnConvert.parse(der, Spki)
  const point = new Uint8Array(spki.subjectPublicKey)
  if (point[0] !== 2 && point[0] !== 3) return der
  const whole = ECDH.convertKey(point, curve, undefined, undefined, 'uncompressed') as Buffer
  spki.subjectPublicKey = new Uint8Array(whole).buffer
  return new Uint8Array(AsnConvert.serialize(spki))
}

/** `RSA 2048 bits`, `EC P-256`, `Ed25519`. */
export function formatKey(facts: PublicKeyFacts): string {
  if (facts.curve) return `${facts.type} ${facts.curve}`
  return facts.bits === undefined ? facts.type : `${facts.type} ${facts.bits} bits`
}
