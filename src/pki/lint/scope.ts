import type { LintScope } from '../../contract/inspect/lint.ts'
import type { AnchorSet } from '../verify/anchor-set.ts'
import { createIssuerPool, type IssuerPool } from '../verify/issuer-pool.ts'
import { certificateOf, type Certificate } from '../x509/certificate.ts'
import { isSignedWithin } from '../x509/signatures.ts'
import { transparencyOf } from '../transparency/transparency.ts'

export interface Scope {
  scope: LintScope
  reason: string
}

interface Context {
  certificates: Uint8Array[]
  publicRoots: AnchorSet
  as?: LintScope
  pool?: IssuerPool
}

/** The arc of the CA/Browser Forum's policies for TLS. */
const forumPolicy = /^2\.23\.140\.1\.(1|2\.[123])$/
const deepest = 8
/** Step limit of one search; a public path has three or four. */
const mostSteps = 60
/** Limit of signature checks for all certificates of one input. */
const mostSignatures = 3_000

/** Decides for each certificate of one input whose rules bind it. */
export function createScopes({
  certificates,
  publicRoots,
  as,
  ...given
}: Context): (der: Uint8Array) => Scope {
  const pool = given.pool ?? createIssuerPool(certificates, [publicRoots])
  const budget = { signatures: mostSignatures }
  return (der) => {
    if (as) return { scope: as, reason: asked[as] }
    const certificate = certificateOf(der)
    if (certificate.encodingFault === undefined) return scopeOf(certificate, pool, budget)
    return {
      scope: 'private',
      reason: 'Public rules do not apply: it cannot be read well enough to say who issued it.',
    }
  }
}

const asked = {
  public: 'Public rules were asked for.',
  private: 'Public rules do not apply: it was said to be private.',
} as const

function scopeOf(certificate: Certificate, pool: IssuerPool, budget: { signatures: number }): Scope {
  if (pool.trusting(certificate)) return { scope: 'public', reason: 'It is one of the public roots.' }
  const root = rootAbove(certificate, pool, { steps: mostSteps, budget }, deepest)
  if (root) return { scope: 'public', reason: `It chains to the public root “${root.title}”.` }
  if (isLogged(certificate, signerOf(certificate, pool, budget)))
    return { scope: 'public', reason: 'It carries timestamps of public certificate transparency logs.' }
  if (namesForumPolicy(certificate))
    return { scope: 'public', reason: 'It names a policy of the CA/Browser Forum.' }
  if (budget.signatures < 0)
    return {
      scope: 'private',
      reason:
        'Public rules do not apply: too many authorities share one name, so the search for a public one was stopped.',
    }
  const who = certificate.isSelfIssued ? 'it is self-signed' : 'no public authority issued it'
  return { scope: 'private', reason: `Public rules do not apply: ${who}.` }
}

/** Invented timestamps make nothing public. */
function isLogged(certificate: Certificate, issuer?: Certificate): boolean {
  const { timestamps = [] } = transparencyOf(certificate, issuer) ?? {}
  return timestamps.some(({ state }) => state !== 'unknown' && state !== 'forged')
}

export function signerOf(
  certificate: Certificate,
  pool: IssuerPool,
  budget: { signatures: number },
): Certificate | undefined {
  for (const { certificate: issuer } of pool.issuersOf(certificate)) {
    const holds = isSignedWithin(budget, certificate, issuer)
    if (holds === undefined) return undefined
    if (holds) return issuer
  }
  return undefined
}

function namesForumPolicy({ decoded }: Certificate): boolean {
  return decoded.certificatePolicies?.some(({ oid }) => forumPolicy.test(oid)) ?? false
}

/**
 * Whether a leaf claims a public issuer, without a search for its root. Every public leaf has a policy of the
 * CA/Browser Forum (Baseline Requirements, section 7.1.6.4).
 */
export function saysItIsPublic(certificate: Certificate): boolean {
  return isLogged(certificate) || namesForumPolicy(certificate)
}

function rootAbove(
  certificate: Certificate,
  pool: IssuerPool,
  left: { steps: number; budget: { signatures: number } },
  depth: number,
): Certificate | undefined {
  if (depth === 0 || certificate.isSelfIssued) return undefined
  for (const { certificate: issuer, trustedBy } of pool.issuersOf(certificate)) {
    if ((left.steps -= 1) < 0) return undefined
    if (issuer === certificate || !isSignedWithin(left.budget, certificate, issuer)) continue
    const root = trustedBy ? issuer : rootAbove(issuer, pool, left, depth - 1)
    if (root) return root
  }
  return undefined
}
