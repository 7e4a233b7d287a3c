import { hash } from 'node:crypto'
import {
  bytesEqual,
  type DerElement,
  inside,
  readBitOctets,
  readIntegerBytes,
  readOne,
  tags,
} from '../asn1/der.ts'
import { readAlgorithm } from '../x509/algorithms.ts'
import type { Certificate } from '../x509/certificate.ts'

type IdentifierHash = 'sha1' | 'sha256'

/** CertID of a certificate (RFC 6960, section 4.1.1). */
export interface CertificateIdentifier {
  hashOid: string
  issuerNameHash: Uint8Array
  issuerKeyHash: Uint8Array
  serial: Uint8Array
}

const hashes = new Map<string, IdentifierHash>([
  ['1.3.14.3.2.26', 'sha1'],
  ['2.16.840.1.101.3.4.2.1', 'sha256'],
])

/** @throws `DerError` */
export function readIdentifier(element: DerElement): CertificateIdentifier {
  const fields = inside(element)
  const { oid: hashOid } = readAlgorithm(fields.next(tags.sequence))
  const issuerNameHash = fields.next(tags.octetString).content
  const issuerKeyHash = fields.next(tags.octetString).content
  const serial = readIntegerBytes(fields.next(tags.integer))
  fields.end()
  return { hashOid, issuerNameHash, issuerKeyHash, serial }
}

/** Whether the identified certificate was issued by `issuer`. */
export function isIssuedBy(identifier: CertificateIdentifier, issuer: Certificate): boolean {
  const algorithm = hashes.get(identifier.hashOid)
  if (!algorithm) return false
  return (
    bytesEqual(identifier.issuerNameHash, nameHash(issuer, algorithm)) &&
    bytesEqual(identifier.issuerKeyHash, keyHash(issuer, algorithm))
  )
}

export function nameHash({ subject }: Certificate, algorithm: IdentifierHash): Uint8Array {
  return hash(algorithm, subject.bytes, 'buffer')
}

/** Hash of the public key's bits alone, without the algorithm. */
export function keyHash({ spki }: Certificate, algorithm: IdentifierHash): Uint8Array {
  const fields = inside(readOne(spki, tags.sequence))
  fields.next(tags.sequence)
  return hash(algorithm, readBitOctets(fields.next(tags.bitString)), 'buffer')
}
