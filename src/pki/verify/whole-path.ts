import type { AnchorSet } from './anchor-set.ts'
import type { Breach } from './breach.ts'
import type { Place } from './certificate-rules.ts'
import { isAuthenticList } from './crl-signer.ts'
import { deadEndBreach } from './dead-end.ts'
import { createIssuerPool } from './issuer-pool.ts'
import { profileBreach } from './issuing-profile.ts'
import type { Certificate } from '../x509/certificate.ts'
import { findPath } from './path-search.ts'
import type { CandidatePath } from './path-steps.ts'
import { policyBreach } from './policies.ts'
import type { Question } from './question.ts'
import { createRevocation, type Revocation } from './revocation.ts'
import { webBreach } from './web-profile.ts'

export interface WholePathInputs {
  intermediates: Uint8Array[]
  anchors: AnchorSet[]
  crls: Uint8Array[]
  crlsBeside: Uint8Array[]
  question: Question
}

/** Rules of a whole path: the issuing profile, policies, revocation. */
export function createWholePathRules(inputs: WholePathInputs): (path: CandidatePath) => Iterable<Breach> {
  const revocation = revocationFor(inputs)
  return function* rules({ certificates, trustedBy }) {
    const { purpose, webProfile } = inputs.question
    const places = certificates.map((certificate, index) => placeOf(certificate, index, certificates))
    for (const place of trustedBy?.lenient && !webProfile ? [] : places) {
      const broken = profileBreach(place, purpose) ?? (webProfile ? webBreach(place) : undefined)
      if (broken) yield broken
    }
    const policy = policyBreach(certificates, inputs.question.policies)
    if (policy) yield policy
    const revoked = revocation.breachIn(certificates)
    if (revoked) yield revoked
  }
}

function placeOf(certificate: Certificate, index: number, path: Certificate[]): Place {
  const trusted = index === path.length - 1
  const role = index === 0 ? 'leaf' : trusted ? 'anchor' : 'intermediate'
  return { certificate, index, role, below: path.slice(0, index), trusted }
}

/**
 * Revocation by CRLs. A CRL's signer that is not on the path needs a path of its own, checked by the same
 * CRLs. That recursion ends at a signer whose check is in progress, which counts as good: after a key change
 * its status may be in the CRL that it signed (RFC 5280, section 6.3.3 (f)).
 */
function revocationFor({ intermediates, anchors, crls, crlsBeside, question }: WholePathInputs): Revocation {
  const pool = createIssuerPool(intermediates, anchors)
  const pending = new Set<string>()
  const leadsTo = (signer: Certificate, anchor: Certificate): boolean => {
    const key = signer.fingerprintSha256
    if (key === anchor.fingerprintSha256 || pending.has(key)) return true
    pending.add(key)
    const trusted = [{ name: anchor.title, certificates: [anchor.der] }]
    const signerPool = createIssuerPool(intermediates, trusted)
    const { found } = findPath({
      leaf: signer,
      question: { ...question, purpose: 'any', policies: {}, webProfile: false },
      pool: signerPool,
      wholePathBreaches: ({ certificates }) => {
        const breach = revocation.breachAboveSigner(certificates)
        return breach ? [breach] : []
      },
      deadEnd: (path) => deadEndBreach(path, [], signerPool),
    })
    pending.delete(key)
    return found !== undefined
  }
  const isAuthentic = (list: Parameters<typeof isAuthenticList>[0], path: Certificate[]): boolean =>
    isAuthenticList(list, path, { pool, leadsTo })
  const revocation = createRevocation({ crls, crlsBeside, at: question.at, isAuthentic })
  return revocation
}
