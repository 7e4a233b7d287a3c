import {
  inside,
  readBitOctets,
  readIntegerBytes,
  readObjectIdentifier,
  readOne,
  tags,
  toHex,
} from '../asn1/der.ts'
import { curves, type Curve } from '../asn1/object-identifiers.ts'
import { readAlgorithm } from './algorithms.ts'

export type PlainSpki = { type: string; bits?: number; curve?: string }

const idRsa = '1.2.840.113549.1.1.1'
const idEc = '1.2.840.10045.2.1'
const montgomeryAndEdwards = new Map<string, string>(
  Object.entries({
    '1.3.101.110': 'X25519',
    '1.3.101.111': 'X448',
    '1.3.101.112': 'Ed25519',
    '1.3.101.113': 'Ed448',
  }),
)
const derNull = '0500'

/**
 * Reads a SubjectPublicKeyInfo in OpenSSL's own encoding: RSA with its NULL, a named curve with an
 * uncompressed point, the curves of RFC 8410. Undefined for any other: OpenSSL has to load and re-encode it
 * before comparison.
 */
export function readPlainSpki(spki: Uint8Array): PlainSpki | undefined {
  try {
    const fields = inside(readOne(spki, tags.sequence))
    const { oid, parameters } = readAlgorithm(fields.next(tags.sequence))
    const key = readBitOctets(fields.next(tags.bitString))
    fields.end()
    if (oid === idRsa) return parameters && toHex(parameters) === derNull ? rsa(key) : undefined
    if (oid === idEc) return parameters ? onCurve(parameters, key) : undefined
    const type = montgomeryAndEdwards.get(oid)
    return type !== undefined && parameters === undefined ? { type } : undefined
  } catch {
    return undefined
  }
}

function rsa(key: Uint8Array): PlainSpki {
  const numbers = inside(readOne(key, tags.sequence))
  const modulus = readIntegerBytes(numbers.next(tags.integer))
  readIntegerBytes(numbers.next(tags.integer))
  numbers.end()
  const first = modulus.findIndex((byte) => byte !== 0)
  const bits = (modulus.length - first) * 8 - Math.clz32(modulus[first] ?? 0) + 24
  return { type: 'RSA', bits }
}

function onCurve(parameters: Uint8Array, point: Uint8Array): PlainSpki | undefined {
  const curve = curveOfOid(readObjectIdentifier(readOne(parameters, tags.objectIdentifier)))
  if (!curve || point[0] !== 4 || point.length !== 1 + 2 * Math.ceil(curve.bits / 8)) return undefined
  return { type: 'EC', bits: curve.bits, curve: curve.name }
}

const byOid = new Map(curves.map((curve) => [curve.oid, curve]))
const byOpenSsl = new Map(curves.map((curve) => [curve.openSsl, curve]))

const curveOfOid = (oid: string): Curve | undefined => byOid.get(oid)
export const curveOfOpenSsl = (name: string): Curve | undefined => byOpenSsl.get(name)
