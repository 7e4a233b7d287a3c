import type { CertificateSummary } from '../../../contract/domains/domains.ts'
import { EdgekeepError } from '../../../contract/errors/registry.ts'
import { compareText, compareTimes } from '../../../domain/compare.ts'
import { expiryAt } from '../../../domain/expiry.ts'
import { followedCertificates } from '../../../domain/followed-certificates.ts'
import { visibleText } from '../../../contract/text/visible-text.ts'
import type { Result, Session } from '../../frame/command.ts'
import { count } from '../../../contract/text/count.ts'
import { table, timeLeft } from '../../output/format.ts'
import { day } from '../../output/times.ts'
import { formatRenewal } from '../../output/format-renewal.ts'

/**
 * Certificates of the vault that need attention: revoked ones, those that are not valid now, and those that
 * expire (`expiryAt`), by their end.
 */
export async function expiringInVault(
  { client }: Session,
  { within, at }: { within: ((lifetimeMs: number) => number) | undefined; at: Date },
): Promise<Result> {
  const certificates = await client.certificates.list()
  const soon = followedCertificates(certificates, ({ usedBy }) => usedBy.length > 0)
    .filter((each) => each.revoked === true || expiryAt(each, at, within) !== 'valid')
    .toSorted((one, other) => compareTimes(one.notAfter, other.notAfter) || compareText(one.name, other.name))
  const cells = soon.map(({ name, revoked, renewal, ...period }) => [
    name,
    day(period.notAfter),
    revoked ? 'REVOKED' : timeLeft(period, at),
    formatRenewal(renewal),
  ])
  return {
    data: { certificates: soon },
    text:
      soon.length > 0
        ? table(['CERTIFICATE', 'ENDS', 'LEFT', 'RENEWAL'], cells)
        : `None of ${count(certificates.length, 'certificate')} in the vault needs attention.`,
    ...(soon.length > 0 && { no: expiryError(soon) }),
  }
}

/** A revoked one comes first: clients refuse it already, the others not yet. */
function expiryError(soon: CertificateSummary[]): EdgekeepError {
  const revoked = soon.filter((certificate) => certificate.revoked)
  if (revoked.length === 0)
    return new EdgekeepError('certificate.expiring', { titles: soon.map(({ name }) => name) })
  const names = revoked.map(({ name }) => `"${visibleText(name)}"`).join(', ')
  const reason = `${revoked.length === 1 ? 'This certificate was' : 'These certificates were'} revoked: ${names}. Replace at once.`
  return new EdgekeepError('verification.failed', { reason })
}
