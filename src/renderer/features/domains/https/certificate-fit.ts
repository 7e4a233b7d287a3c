import { compareText } from '../../../../domain/compare.ts'
import type { CertificateSummary, Domain } from '../../../../contract/domains/domains.ts'
import { coveringName, hostNamesOf, nameChanges } from '../../../../domain/covered-names.ts'
import { suitableFirst } from '../../../ui/certificate/suitable-first.ts'

type Names = Pick<CertificateSummary, 'dnsNames' | 'ipNames'>

export function coversDomain(certificate: Names, { name }: Pick<Domain, 'name'>): boolean {
  return coveringName(hostNamesOf(certificate), name) !== undefined
}

interface Choices {
  /** Certificates that cover the domain: the current one first, then as `suitableFirst` has it. */
  fitting: CertificateSummary[]
  /** Sorted by name. */
  others: CertificateSummary[]
}

export function choicesFor(domain: Domain, certificates: readonly CertificateSummary[], now: Date): Choices {
  const fits = (certificate: CertificateSummary) => coversDomain(certificate, domain)
  const isCurrent = ({ id }: CertificateSummary) => id === domain.https.certificate?.id
  const [fitting, others] = [certificates.filter(fits), certificates.filter((each) => !fits(each))]
  const inOrder = suitableFirst(now)
  return {
    fitting: fitting.sort(
      (one, other) => Number(isCurrent(other)) - Number(isCurrent(one)) || inOrder(one, other),
    ),
    others: others.sort((one, other) => compareText(one.name, other.name)),
  }
}

/** Names that a swap would no longer cover; empty without a current certificate. */
export function namesLost(before: Names | null, after: Names): string[] {
  return before ? nameChanges(hostNamesOf(before), hostNamesOf(after)).lost : []
}
