import type { ReadCertificate } from './certificate.ts'
import { verifies } from './certificate.ts'
import { limits } from './limits.ts'

/** A certificate of the intake; `Held` below only needs these. */
export interface ChainLink {
  id: string
  certificate: ReadCertificate
}

/** Finds who signed whom among one set of certificates, by name and signature, within a budget. */
export interface ChainFinder {
  /** The certificates that signed `link`, itself left out. */
  issuersOf(link: ChainLink): ChainLink[]
  /** Intermediates above `leaf`, its issuer first, and the root if it is there. */
  chainOf(leaf: ChainLink): { chain: ChainLink[]; root: ChainLink | undefined }
}

export function createChainFinder(links: ChainLink[]): ChainFinder {
  const bySubject = Map.groupBy(links, (link) => link.certificate.x509.subject)
  const known = new Map<string, boolean>()
  let checksLeft: number = limits.signatureChecks

  function signed(issuer: ChainLink, subject: ChainLink): boolean {
    const pair = `${issuer.id} ${subject.id}`
    const before = known.get(pair)
    if (before !== undefined) return before
    if (checksLeft-- <= 0) return false
    const answer = isSignedBy(subject.certificate, issuer.certificate)
    known.set(pair, answer)
    return answer
  }

  function issuersOf(link: ChainLink): ChainLink[] {
    const named = bySubject.get(link.certificate.x509.issuer) ?? []
    return named.filter((candidate) => candidate !== link && signed(candidate, link))
  }

  function chainOf(leaf: ChainLink) {
    const chain: ChainLink[] = []
    let current = leaf
    while (!current.certificate.facts.isSelfSigned && chain.length <= limits.chainLength) {
      const issuers = issuersOf(current).filter((issuer) => issuer !== leaf && !chain.includes(issuer))
      const next = issuers.find(({ certificate }) => !certificate.facts.isSelfSigned)
      if (!next) return { chain, root: issuers[0] }
      chain.push(next)
      current = next
    }
    return { chain, root: undefined }
  }

  return { issuersOf, chainOf }
}

function isSignedBy(subject: ReadCertificate, issuer: ReadCertificate): boolean {
  try {
    return verifies(subject.x509, issuer.x509.publicKey)
  } catch {
    // The issuer's key is of a kind that OpenSSL cannot load, so no signature of it can be checked.
    return false
  }
}
