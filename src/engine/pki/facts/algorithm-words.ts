import { type Algorithm, readAlgorithm } from '../x509/algorithms.ts'
import { explicitTag, inside, readOne, tags } from '../asn1/der.ts'

/** Words for signature and key algorithms by OID (RFC 3279, 4055, 5758, 8410, FIPS 204, FIPS 205). */
const signatureNames = new Map<string, string>(
  Object.entries({
    '1.2.840.113549.1.1.2': 'RSA with MD2',
    '1.2.840.113549.1.1.3': 'RSA with MD4',
    '1.2.840.113549.1.1.4': 'RSA with MD5',
    '1.2.840.113549.1.1.5': 'RSA with SHA-1',
    '1.3.14.3.2.29': 'RSA with SHA-1',
    '1.2.840.113549.1.1.14': 'RSA with SHA-224',
    '1.2.840.113549.1.1.11': 'RSA with SHA-256',
    '1.2.840.113549.1.1.12': 'RSA with SHA-384',
    '1.2.840.113549.1.1.13': 'RSA with SHA-512',
    '1.2.840.10045.4.1': 'ECDSA with SHA-1',
    '1.2.840.10045.4.3.1': 'ECDSA with SHA-224',
    '1.2.840.10045.4.3.2': 'ECDSA with SHA-256',
    '1.2.840.10045.4.3.3': 'ECDSA with SHA-384',
    '1.2.840.10045.4.3.4': 'ECDSA with SHA-512',
    '1.2.840.10040.4.3': 'DSA with SHA-1',
    '2.16.840.1.101.3.4.3.1': 'DSA with SHA-224',
    '2.16.840.1.101.3.4.3.2': 'DSA with SHA-256',
    '1.3.101.112': 'Ed25519',
    '1.3.101.113': 'Ed448',
    '1.2.156.10197.1.501': 'SM2 with SM3',
    '2.16.840.1.101.3.4.3.17': 'ML-DSA-44',
    '2.16.840.1.101.3.4.3.18': 'ML-DSA-65',
    '2.16.840.1.101.3.4.3.19': 'ML-DSA-87',
  }),
)

const hashNames = new Map<string, string>(
  Object.entries({
    '1.3.14.3.2.26': 'SHA-1',
    '2.16.840.1.101.3.4.2.4': 'SHA-224',
    '2.16.840.1.101.3.4.2.1': 'SHA-256',
    '2.16.840.1.101.3.4.2.2': 'SHA-384',
    '2.16.840.1.101.3.4.2.3': 'SHA-512',
  }),
)

const idRsaPss = '1.2.840.113549.1.1.10'

/** `ECDSA with SHA-256`, `RSA-PSS with SHA-256`; the OID where it has no name here. */
export function signatureAlgorithmName({ oid, parameters }: Algorithm): string {
  return oid === idRsaPss ? `RSA-PSS with ${pssHash(parameters)}` : (signatureNames.get(oid) ?? oid)
}

/** RFC 4055, section 3.1: SHA-1 is the default where nothing is said. */
function pssHash(parameters: Uint8Array | undefined): string {
  const hash = parameters && inside(readOne(parameters, tags.sequence)).optional(explicitTag(0))
  if (!hash) return 'SHA-1'
  const { oid } = readAlgorithm(readOne(hash.content, tags.sequence))
  return hashNames.get(oid) ?? oid
}
