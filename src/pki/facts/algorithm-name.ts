import { type Algorithm, readAlgorithm } from '../x509/algorithms.ts'
import { hashNames, signatureNames } from '../asn1/object-identifiers.ts'
import { explicitTag, inside, readOne, tags } from '../asn1/der.ts'

const idRsaPss = '1.2.840.113549.1.1.10'

/** `ECDSA with SHA-256`, `RSA-PSS with SHA-256`; the OID of an unknown one. */
export function signatureAlgorithmName({ oid, parameters }: Algorithm): string {
  return oid === idRsaPss ? `RSA-PSS with ${pssHash(parameters)}` : (signatureNames.get(oid) ?? oid)
}

/** RFC 4055, section 3.1: the default is SHA-1. */
function pssHash(parameters: Uint8Array | undefined): string {
  const hash = parameters && inside(readOne(parameters, tags.sequence)).optional(explicitTag(0))
  if (!hash) return 'SHA-1'
  const { oid } = readAlgorithm(readOne(hash.content, tags.sequence))
  return hashNames.get(oid) ?? oid
}
