import { compareTimes } from '../../../ui/lists/compare.ts'
import type { CertificateSummary, Domain } from '../../../../contract/domains/domains.ts'
import { coveringName, hostNamesOf, nameChanges } from '../../../../domain/covered-names.ts'
import { isValidNow } from '../../../../domain/validity.ts'

type Names = Pick<CertificateSummary, 'dnsNames' | 'ipNames'>

export function coversDomain(certificate: Names, { name }: Pick<Domain, 'name'>): boolean {
  return coveringName(hostNamesOf(certificate), name) !== undefined
}

interface Choices {
  /** Certificates that cover the domain: the current one first, then valid ones, then by latest expiry. */
  fitting: CertificateSummary[]
  others: CertificateSummary[]
}

export function choicesFor(domain: Domain, certificates: readonly CertificateSummary[], now: Date): Choices {
  const current = domain.https.certificate?.id
  const rank = (one: CertificateSummary) => Number(one.id === current) * 2 + Number(isValidNow(one, now))
  const order = (one: CertificateSummary, other: CertificateSummary) =>
    rank(other) - rank(one) || compareTimes(other.notAfter, one.notAfter)
  const fits = (certificate: CertificateSummary) => coversDomain(certificate, domain)
  return {
    fitting: certificates.filter(fits).sort(order),
    others: certificates.filter((certificate) => !fits(certificate)).sort(order),
  }
}

/** Names that a swap would no longer cover; empty without a current certificate. */
export function namesLost(before: Names | null, after: Names): string[] {
  return before ? nameChanges(hostNamesOf(before), hostNamesOf(after)).lost : []
}
