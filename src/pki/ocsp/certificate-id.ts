import { hash } from 'node:crypto'
import { inside, readBitOctets, readOne, tags } from '../asn1/der.ts'
import type { Certificate } from '../x509/certificate.ts'

export type IdentifierHash = 'sha1' | 'sha256'

/** CertID of a certificate (RFC 6960, section 4.1.1). */
export interface CertificateIdentifier {
  issuerNameHash: Uint8Array
  issuerKeyHash: Uint8Array
  serial: Uint8Array
}

export function certificateIdentifier(
  leaf: Certificate,
  issuer: Certificate,
  algorithm: IdentifierHash,
): CertificateIdentifier {
  return {
    issuerNameHash: nameHash(issuer, algorithm),
    issuerKeyHash: keyHash(issuer, algorithm),
    serial: leaf.serial,
  }
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
