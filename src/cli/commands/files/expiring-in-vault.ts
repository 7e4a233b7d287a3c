import type { CertificateSummary } from '../../../contract/domains.ts'
import { EdgekeepError } from '../../../contract/errors.ts'
import { type Result, table } from '../../output/output.ts'
import { count, timeLeft } from '../../output/words.ts'
import { renewalInWords } from '../../output/words-of-renewal.ts'
import type { Session } from '../../session.ts'

/**
 * The certificates of the vault that need a person: those that end within the window and do not renew in time,
 * and those whose renewal failed or waits. One whose renewal is planned and well is none of them.
 */
export async function expiringInVault(
  { client }: Session,
  { within, at }: { within: (lifetimeMs: number) => number; at: Date },
): Promise<Result> {
  const certificates = await client.certificates.list()
  const soon = certificates.filter((certificate) => needsPerson(certificate, within, at))
  const titles = soon.map(({ name }) => name)
  const cells = soon.map(({ name, notAfter, renewal }) => [
    name,
    notAfter.slice(0, 10),
    timeLeft(notAfter, at),
    renewalInWords(renewal),
  ])
  return {
    data: { certificates: soon },
    words:
      soon.length > 0
        ? table(['CERTIFICATE', 'ENDS', '', 'RENEWAL'], cells)
        : `None of ${count(certificates.length, 'certificate')} in the vault needs attention.`,
    ...(soon.length > 0 && { no: new EdgekeepError('certificate.expiring', { titles }) }),
  }
}

function needsPerson(
  { notBefore, notAfter, renewal, usedBy, kept }: CertificateSummary,
  within: (lifetimeMs: number) => number,
  at: Date,
): boolean {
  if (usedBy.length === 0 && !kept) return false
  const left = Date.parse(notAfter) - at.getTime()
  if (renewal?.failure || renewal?.held || renewal?.waitsForVault) return true
  if (renewal?.by === 'reminder') return Date.parse(renewal.at) <= at.getTime()
  if (renewal && left > 0) return false
  return left <= within(Date.parse(notAfter) - Date.parse(notBefore))
}
