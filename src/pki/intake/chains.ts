import type { ReadCertificate } from '../facts/certificate.ts'
import { limits } from '../limits.ts'
import { isSignedWithin } from '../x509/signatures.ts'

/** A certificate of the intake, with the fields that chain building needs. */
export interface ChainLink {
  id: string
  certificate: ReadCertificate
}

/** Finds issuers within one set of certificates by name and signature, within a budget. */
export interface ChainFinder {
  /** The certificates that signed `link`, except itself. */
  issuersOf(link: ChainLink): ChainLink[]
  /** Intermediates above `leaf`, its issuer first, and the root if present. */
  chainOf(leaf: ChainLink): { chain: ChainLink[]; root: ChainLink | undefined }
}

export function createChainFinder(links: ChainLink[]): ChainFinder {
  const bySubject = Map.groupBy(links, (link) => link.certificate.subject.key)
  const budget = { signatures: limits.signatureChecks as number }

  function issuersOf(link: ChainLink): ChainLink[] {
    const named = bySubject.get(link.certificate.issuer.key) ?? []
    return named.filter(
      (candidate) =>
        candidate !== link && isSignedWithin(budget, link.certificate, candidate.certificate) === true,
    )
  }

  function chainOf(leaf: ChainLink) {
    const chain: ChainLink[] = []
    let current = leaf
    while (!current.certificate.facts.isSelfSigned && chain.length <= limits.chainLength) {
      const issuers = issuersOf(current).filter((issuer) => issuer !== leaf && !chain.includes(issuer))
      const next = lastingLongest(issuers.filter(({ certificate }) => !certificate.facts.isSelfSigned))
      if (!next) return { chain, root: issuers[0] }
      chain.push(next)
      current = next
    }
    return { chain, root: undefined }
  }

  return { issuersOf, chainOf }
}

/**
 * Prefers the CA certificate with the latest end, for cross-signed CAs: an expired one would break the chain.
 */
function lastingLongest(issuers: ChainLink[]): ChainLink | undefined {
  const until = ({ certificate }: ChainLink) => Date.parse(certificate.facts.notAfter)
  return issuers.toSorted((one, other) => until(other) - until(one))[0]
}
