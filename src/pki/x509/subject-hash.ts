import { createHash } from 'node:crypto'
import { element, sequence } from '../asn1/der-writer.ts'
import { inside, mapElements, readOne, tags, type DerElement } from '../asn1/der.ts'
import { readString } from '../asn1/strings.ts'
import { strictCertificateOf } from './certificate.ts'

const utf8String = 0x0c
const set = 0x31

/**
 * Hash by which OpenSSL finds a certificate in a folder, eight hexadecimal digits: SHA-1 over the subject
 * with its texts in UTF-8, lower case and single spaces (X509_NAME_hash_ex(3), openssl-rehash(1)); its first
 * four bytes, little-endian.
 * @throws `DerError`
 */
export function subjectHash(der: Uint8Array): string {
  const name = readOne(strictCertificateOf(der).subject.bytes, tags.sequence)
  const canonical = mapElements(name, (rdn) => element(set, ...mapElements(rdn, canonicalAttribute)))
  return createHash('sha1')
    .update(Buffer.concat(canonical))
    .digest()
    .readUInt32LE(0)
    .toString(16)
    .padStart(8, '0')
}

function canonicalAttribute(attribute: DerElement): Buffer {
  const fields = inside(attribute)
  const type = fields.next(tags.objectIdentifier)
  const value = fields.next()
  const text = readString(value)
  const written = text === undefined ? value.bytes : element(utf8String, Buffer.from(canonicalText(text)))
  return sequence(type.bytes, written)
}

/** Lowercases ASCII only, like OpenSSL. */
function canonicalText(text: string): string {
  return text
    .replaceAll(/[A-Z]+/g, (letters) => letters.toLowerCase())
    .replaceAll(/[ \t\n\v\f\r]+/g, ' ')
    .replace(/^ | $/g, '')
}
