import type { CertificateSummary } from '../../../contract/domains/domains.ts'
import { compareText, compareTimes } from '../../../domain/compare.ts'
import { isValidNow } from '../../../domain/validity.ts'

/** Order of certificates that cover what they are chosen for: valid ones first, by latest end, then by name. */
export function suitableFirst(now: Date) {
  return (one: CertificateSummary, other: CertificateSummary): number =>
    Number(isValidNow(other, now)) - Number(isValidNow(one, now)) ||
    compareTimes(other.notAfter, one.notAfter) ||
    compareText(one.name, other.name)
}
