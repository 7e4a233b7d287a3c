import type { CertificateFacts } from '../../contract/inspect/certificate-facts.ts'
import type { LintScope } from '../../contract/inspect/lint.ts'
import type { Renewal } from '../../contract/inspect/timeline.ts'
import { lifetimeLimit, lifetimesReference, publicLifetimes } from '../lint/lifetimes.ts'
import { shortDate } from '../facts/format-time.ts'

/** Effect of the public lifetime rules on the next certificate. */
export function renewalOf(
  { notBefore, notAfter }: Pick<CertificateFacts, 'notBefore' | 'notAfter'>,
  scope: LintScope,
  at: Date,
): Renewal {
  const [from, until] = [Date.parse(notBefore), Date.parse(notAfter)]
  const lastThird = until - Math.max(0, until - from) / 3
  const renewAt = Math.max(lastThird, at.getTime())
  const limit = lifetimeLimit(renewAt)
  const maximumDays = limit?.days ?? 0
  const when =
    renewAt > lastThird ? 'now' : `on ${shortDate(renewAt)}, when the last third of its life begins`
  const next = `Renewed ${when}, the next one may last at most ${maximumDays} days.`
  return {
    renewAt: new Date(renewAt).toISOString(),
    maximumDays,
    applies: scope === 'public',
    sentence:
      scope === 'public'
        ? `${next} ${nextStep(renewAt)}`.trim()
        : 'Public lifetime rules do not apply to a private authority; Apple devices accept at most 825 days.',
    schedule: publicLifetimes.map(({ from: day, days }) => ({ from: day, days })),
    reference: lifetimesReference,
  }
}

function nextStep(time: number): string {
  const step = publicLifetimes.find(({ from }) => Date.parse(from) > time)
  return step ? `From ${shortDate(Date.parse(step.from))} on it is ${step.days} days.` : ''
}
