import type { CertificateSummary } from '../contract/domains/domains.ts'
import { coveringName, hostNamesOf } from './covered-names.ts'
import { isValidNow } from './validity.ts'

export interface CertificatesNow {
  certificates: readonly CertificateSummary[]
  now: Date
}

/** Valid certificate that the most clients trust, then with the latest end, by each name that it has. */
export function bestByName({ certificates, now }: CertificatesNow): Map<string, CertificateSummary> {
  const best = new Map<string, CertificateSummary>()
  for (const certificate of certificates) {
    if (!isUsable(certificate, now)) continue
    for (const name of certificate.dnsNames) {
      const before = best.get(name)
      if (!before || isBetter(certificate, before)) best.set(name, certificate)
    }
  }
  return best
}

export function isUsable(certificate: CertificateSummary, now: Date): boolean {
  return isValidNow(certificate, now) && !certificate.revoked
}

/** A wildcard only comes before the name itself if more clients trust it. */
export function bestFor(name: string, best: Map<string, CertificateSummary>): CertificateSummary | undefined {
  const exact = best.get(name)
  const wildcard = best.get(name.replace(/^[^.]+/, '*'))
  if (!wildcard || coveringName(hostNamesOf(wildcard), name) === undefined) return exact
  return exact && distrust(wildcard) >= distrust(exact) ? exact : wildcard
}

export function isBetter(one: CertificateSummary, other: CertificateSummary): boolean {
  const [rank, otherRank] = [distrust(one), distrust(other)]
  return rank === otherRank ? one.notAfter > other.notAfter : rank < otherRank
}

/** Longest lifetime of a public certificate in days (CA/Browser Forum baseline requirements, section 6.3.2). */
const longestPublic = 398
const dayMs = 86_400_000

/** Rank by the facts of a list, which has no verdicts: self-signed or too long for a public authority is last. */
export function distrust(certificate: CertificateSummary): 0 | 1 | 2 {
  const { kind, renewal, notBefore, notAfter } = certificate
  const days = (Date.parse(notAfter) - Date.parse(notBefore)) / dayMs
  if (isSelfSigned(certificate) || days > longestPublic) return 2
  const isLocal = kind === 'free' && renewal?.by !== 'acme'
  return isLocal ? 1 : 0
}

/** No authority has the name of a certificate's host. */
function isSelfSigned({ issuer, title, dnsNames }: CertificateSummary): boolean {
  const name = /(?:^|[,+])CN=([^,+]+)/.exec(issuer)?.[1]
  return issuer === '' || issuer === title || name === title || dnsNames.includes(name ?? '')
}
