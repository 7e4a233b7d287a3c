import type { CertificateSummary } from '../../../../contract/domains/domains.ts'
import { coveringName, hostNamesOf } from '../../../../domain/covered-names.ts'
import { isValidNow } from '../../../../domain/validity.ts'

interface ReplacementChoice {
  certificate: CertificateSummary
  /** Domains of the replaced certificate that this one does not cover. */
  uncovered: string[]
}

/** Certificates that cover most of the domains first, then valid ones, then by latest end. */
export function replacementChoices(
  { id, usedBy }: Pick<CertificateSummary, 'id' | 'usedBy'>,
  certificates: readonly CertificateSummary[],
  now: Date,
): ReplacementChoice[] {
  return certificates
    .filter((each) => each.id !== id)
    .map((certificate) => ({
      certificate,
      uncovered: usedBy.filter((domain) => coveringName(hostNamesOf(certificate), domain) === undefined),
    }))
    .toSorted(
      (one, other) =>
        one.uncovered.length - other.uncovered.length ||
        Number(isValidNow(other.certificate, now)) - Number(isValidNow(one.certificate, now)) ||
        other.certificate.notAfter.localeCompare(one.certificate.notAfter),
    )
}
