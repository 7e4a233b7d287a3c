import { signatureScheme } from '../x509/algorithms.ts'
import { keyUsageBits } from '../x509/extensions.ts'
import type { IssuerPool } from './issuer-pool.ts'
import type { Certificate } from '../x509/certificate.ts'
import type { RevocationList } from '../x509/revocation-list.ts'
import { isSignedBy } from '../x509/signatures.ts'
import { isForgeable } from './strength.ts'

export interface SignerInputs {
  pool: IssuerPool
  /** Whether there is a valid path from `signer` to exactly this anchor. */
  leadsTo(signer: Certificate, anchor: Certificate): boolean
}

/**
 * Limit of candidates with one name, which bounds the search. A CRL of an issuer with more is not accepted.
 */
const mostSigners = 64

/**
 * Whether `list` has an authorised signer: the issuer in the path itself, or another certificate of the CRL
 * issuer's name with a path to the same anchor (RFC 5280, section 6.3.3 (f) and (g)).
 */
export function isAuthenticList(list: RevocationList, path: Certificate[], inputs: SignerInputs): boolean {
  const anchor = path.at(-1) as Certificate
  const inPath = path.slice(1).filter((certificate) => certificate.subject.key === list.issuer.key)
  if (inPath.some((certificate) => maySignLists(certificate) && hasSigned(certificate, list))) return true
  return inputs.pool
    .named(list.issuer.key)
    .slice(0, mostSigners)
    .map((candidate) => candidate.certificate)
    .some((signer) => maySignLists(signer) && hasSigned(signer, list) && inputs.leadsTo(signer, anchor))
}

function maySignLists({ decoded: { keyUsage } }: Certificate): boolean {
  return keyUsage === undefined || keyUsage.has(keyUsageBits.crlSign)
}

function hasSigned(signer: Certificate, list: RevocationList): boolean {
  const scheme = signatureScheme(list.signatureAlgorithm)
  return scheme !== undefined && !isForgeable(scheme) && isSignedBy(list, signer)
}
