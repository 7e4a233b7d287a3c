import { type KeyObject, sign } from 'node:crypto'
import * as der from '../asn1/der-writer.ts'

/** AlgorithmIdentifier and hash by the type of the signing key. */
const ways = new Map<string, { oid: string; hash: string; parameters: boolean }>([
  ['prime256v1', { oid: '1.2.840.10045.4.3.2', hash: 'sha256', parameters: false }],
  ['secp384r1', { oid: '1.2.840.10045.4.3.3', hash: 'sha384', parameters: false }],
  // NULL parameters (RFC 4055, section 5).
  ['rsa', { oid: '1.2.840.113549.1.1.11', hash: 'sha256', parameters: true }],
])

export function algorithmOf(key: KeyObject): Buffer {
  const { oid, parameters } = wayOf(key)
  return der.sequence(der.objectIdentifier(oid), ...(parameters ? [der.nothing] : []))
}

/** SEQUENCE { content, algorithm, signature }: a request, a revocation list, an OCSP response. */
export function signed(content: Uint8Array, key: KeyObject, ...more: Uint8Array[]): Buffer {
  const signature = sign(wayOf(key).hash, content, key)
  return der.sequence(content, algorithmOf(key), der.bitString(signature), ...more)
}

function wayOf(key: KeyObject) {
  const way = ways.get(key.asymmetricKeyDetails?.namedCurve ?? key.asymmetricKeyType ?? '')
  if (!way) throw new TypeError('Keys of this type are not made here')
  return way
}
