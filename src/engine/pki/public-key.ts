import { createHash, ECDH, type KeyObject } from 'node:crypto'
import { AsnConvert } from '@peculiar/asn1-schema'
import { SubjectPublicKeyInfo } from '@peculiar/asn1-x509'
import type { PublicKeyFacts } from '../../contract/certificate-facts.ts'

/** OpenSSL's curve names as people and standards write them. */
const curveNames: Record<string, string> = {
  prime192v1: 'P-192',
  secp224r1: 'P-224',
  prime256v1: 'P-256',
  secp384r1: 'P-384',
  secp521r1: 'P-521',
}
const curveBits: Record<string, number> = {
  'P-192': 192,
  'P-224': 224,
  'P-256': 256,
  'P-384': 384,
  'P-521': 521,
}

const typeNames: Record<string, string> = {
  rsa: 'RSA',
  'rsa-pss': 'RSA-PSS',
  ec: 'EC',
  ed25519: 'Ed25519',
  ed448: 'Ed448',
  x25519: 'X25519',
  x448: 'X448',
  dsa: 'DSA',
  dh: 'DH',
}

/** The public half of a key, private or public, as facts. */
export function publicKeyFacts(key: KeyObject, publicKey: KeyObject = key): PublicKeyFacts {
  const details = publicKey.asymmetricKeyDetails
  const type = key.asymmetricKeyType ?? 'unknown'
  const openSslCurve = details?.namedCurve
  const curve = openSslCurve === undefined ? undefined : (curveNames[openSslCurve] ?? openSslCurve)
  const bits = details?.modulusLength ?? (curve === undefined ? undefined : curveSize(curve))
  return {
    type: typeNames[type] ?? type.toUpperCase(),
    ...(bits === undefined ? {} : { bits }),
    ...(curve === undefined ? {} : { curve }),
    spkiSha256: createHash('sha256').update(normalisedSpki(publicKey, openSslCurve)).digest('hex'),
  }
}

function curveSize(curve: string): number | undefined {
  const inName = /(\d{3})[a-z]*\d*$/.exec(curve)?.[1]
  return curveBits[curve] ?? (inName === undefined ? undefined : Number(inName))
}

/**
 * SubjectPublicKeyInfo in DER with an EC point in its uncompressed form (RFC 5480, section 2.2):
 * the same point is written in two ways, and OpenSSL keeps the one it read.
 */
function normalisedSpki(publicKey: KeyObject, curve: string | undefined): Uint8Array {
  const der = publicKey.export({ type: 'spki', format: 'der' })
  if (curve === undefined) return der
  const info = AsnConvert.parse(der, SubjectPublicKeyInfo)
  const point = Buffer.from(info.subjectPublicKey)
  if (point[0] !== 2 && point[0] !== 3) return der
  const uncompressed = ECDH.convertKey(point, curve, undefined, undefined, 'uncompressed') as Buffer
  info.subjectPublicKey = new Uint8Array(uncompressed).buffer
  return Buffer.from(AsnConvert.serialize(info))
}

/** Facts of a key that OpenSSL cannot load: its algorithm's OID and the hash of its DER as it stands. */
export function unreadablePublicKeyFacts(spki: Uint8Array): PublicKeyFacts {
  const { algorithm } = AsnConvert.parse(spki, SubjectPublicKeyInfo).algorithm
  return { type: algorithm, spkiSha256: createHash('sha256').update(spki).digest('hex') }
}

/** `RSA 2048 bits`, `EC P-256`, `Ed25519`. */
export function keyInWords(facts: PublicKeyFacts): string {
  if (facts.curve) return `${facts.type} ${facts.curve}`
  return facts.bits === undefined ? facts.type : `${facts.type} ${facts.bits} bits`
}
