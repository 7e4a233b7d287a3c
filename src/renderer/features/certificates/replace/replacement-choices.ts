import type { CertificateSummary } from '../../../../contract/domains/domains.ts'
import { coveringName, hostNamesOf } from '../../../../domain/covered-names.ts'
import { compareText } from '../../../../domain/compare.ts'
import { suitableFirst } from '../../../ui/certificate/suitable-first.ts'

interface ReplacementChoice {
  certificate: CertificateSummary
  /** Domains of the replaced certificate that this one does not cover. */
  uncovered: string[]
}

/** Certificates that cover all domains first, as `suitableFirst` has it; then those that cover most, by name. */
export function replacementChoices(
  { id, usedBy }: Pick<CertificateSummary, 'id' | 'usedBy'>,
  certificates: readonly CertificateSummary[],
  now: Date,
): ReplacementChoice[] {
  const suitable = suitableFirst(now)
  return certificates
    .filter((each) => each.id !== id)
    .map((certificate) => ({
      certificate,
      uncovered: usedBy.filter((domain) => coveringName(hostNamesOf(certificate), domain) === undefined),
    }))
    .toSorted(
      (one, other) =>
        one.uncovered.length - other.uncovered.length ||
        (one.uncovered.length === 0
          ? suitable(one.certificate, other.certificate)
          : compareText(one.certificate.name, other.certificate.name)),
    )
}
