import { anchorsNamed, parseOrNone, type IssuerCandidate } from './anchor-index.ts'
import type { AnchorSet } from './anchor-set.ts'
import { bytesEqual } from '../der.ts'
import type { ParsedCertificate } from './parsed-certificate.ts'

/** Where the path search looks for issuers. */
export interface IssuerPool {
  /** The set that trusts exactly this certificate. */
  trusting(certificate: ParsedCertificate): AnchorSet | undefined
  /** Who may have issued `certificate`, by name, the likeliest first. */
  issuersOf(certificate: ParsedCertificate): IssuerCandidate[]
  /** All that have this subject. */
  named(subjectKey: string): IssuerCandidate[]
}

export function createIssuerPool(intermediates: Uint8Array[], anchors: AnchorSet[]): IssuerPool {
  const given = Map.groupBy(intermediates.flatMap(parseOrNone), (certificate) => certificate.subject.key)
  const named = (key: string): IssuerCandidate[] => {
    const trusted = anchors.flatMap((set) =>
      anchorsNamed(set, key).map((certificate) => ({ certificate, trustedBy: set })),
    )
    return distinct([...trusted, ...(given.get(key) ?? []).map((certificate) => ({ certificate }))])
  }
  const issuers = new Map<ParsedCertificate, IssuerCandidate[]>()
  return {
    named,
    trusting: (certificate) =>
      anchors.find((set) =>
        anchorsNamed(set, certificate.subject.key).some((anchor) => bytesEqual(anchor.der, certificate.der)),
      ),
    issuersOf: (certificate) => {
      const known = issuers.get(certificate) ?? byLikelihood(named(certificate.issuer.key), certificate)
      issuers.set(certificate, known)
      return known
    },
  }
}

function distinct(candidates: IssuerCandidate[]): IssuerCandidate[] {
  const byFingerprint = new Map<string, IssuerCandidate>()
  for (const candidate of candidates) {
    const key = candidate.certificate.fingerprintSha256
    if (!byFingerprint.has(key)) byFingerprint.set(key, candidate)
  }
  return [...byFingerprint.values()]
}

function byLikelihood(candidates: IssuerCandidate[], child: ParsedCertificate): IssuerCandidate[] {
  const score = ({ certificate, trustedBy }: IssuerCandidate): number =>
    keyIdentifierFit(certificate, child) * 2 + (trustedBy ? 1 : 0)
  return candidates.sort((a, b) => score(b) - score(a) || b.certificate.notAfter - a.certificate.notAfter)
}

/** 1 where the key identifiers agree, -1 where they differ, 0 where one is missing. A hint only (RFC 4158, section 3.5.12). */
export function keyIdentifierFit(issuer: ParsedCertificate, child: ParsedCertificate): -1 | 0 | 1 {
  const own = issuer.decoded.subjectKeyIdentifier
  const wanted = child.decoded.authorityKeyIdentifier?.keyIdentifier
  if (!own || !wanted) return 0
  return bytesEqual(own, wanted) ? 1 : -1
}
