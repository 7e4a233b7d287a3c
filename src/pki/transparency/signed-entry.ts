import { hash, verify, type KeyObject } from 'node:crypto'
import { explicitTag, inside, mapElements, only, readObjectIdentifier, readOne, tags } from '../asn1/der.ts'
import { element, sequence } from '../asn1/der-writer.ts'
import type { Certificate } from '../x509/certificate.ts'
import { extensionOids } from '../x509/extensions.ts'
import type { SignedCertificateTimestamp } from '../x509/sct-list.ts'

/** Whether the log with `key` signed `sct` for this leaf of this issuer, as an embedded SCT. */
export function isSignedByLog(
  sct: SignedCertificateTimestamp,
  leaf: Certificate,
  issuer: Certificate,
  key: KeyObject,
): boolean {
  const algorithm = key.asymmetricKeyType === 'rsa' ? 1 : 3
  if (sct.hashAlgorithm !== 4 || sct.signatureAlgorithm !== algorithm) return false
  try {
    return verify('sha256', signedEntry(sct, leaf, issuer), key, sct.signature)
  } catch {
    // A certificate that was read leniently, or a signature that is no DER.
    return false
  }
}

/** The `digitally-signed` structure of RFC 6962, section 3.2, for a precertificate. */
function signedEntry(sct: SignedCertificateTimestamp, leaf: Certificate, issuer: Certificate): Buffer {
  const tbs = withoutTimestamps(leaf.tbs)
  const length = Buffer.alloc(4)
  length.writeUInt32BE(tbs.length)
  return Buffer.concat([
    // v1, certificate_timestamp
    Uint8Array.of(0, 0),
    sct.atBytes,
    // precert_entry
    Uint8Array.of(0, 1),
    hash('sha256', issuer.spki, 'buffer'),
    length.subarray(1),
    tbs,
    sct.extensions,
  ])
}

/** The TBSCertificate that the log saw: without the list of SCTs. */
function withoutTimestamps(tbs: Uint8Array): Buffer {
  const fields = mapElements(readOne(tbs, tags.sequence), (field) => {
    if (field.tag !== explicitTag(3)) return field.bytes
    const others = mapElements(only(field, tags.sequence), (extension) => extension).filter(
      (extension) => readObjectIdentifier(inside(extension).next()) !== extensionOids.timestamps,
    )
    if (others.length === 0) return new Uint8Array()
    return element(explicitTag(3), sequence(...others.map(({ bytes }) => bytes)))
  })
  return sequence(...fields)
}
