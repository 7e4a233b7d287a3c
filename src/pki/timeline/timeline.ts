import type { CertificateFacts, Verification } from '../../contract/inspect/certificate-facts.ts'
import type { LintScope } from '../../contract/inspect/lint.ts'
import type { Renewal, Timeline } from '../../contract/inspect/timeline.ts'
import { readCertificate } from '../facts/certificate.ts'
import { shortDate } from '../facts/format-time.ts'
import { lifetimeLimit, lifetimesReference, publicLifetimes } from '../lint/lifetimes.ts'
import { verifyForProgram } from '../roots/program-verdict.ts'
import { rootPrograms } from '../roots/root-lists.ts'
import type { AnchorSet } from '../verify/anchor-set.ts'
import { type Budget, sharedBudget } from '../verify/question.ts'
import { type VerificationQuery, verifyCertificate } from '../verify/verify.ts'
import { clientTimeline } from './client-timeline.ts'
import { type ClientProfile, clientProfiles } from './clients.ts'
import { marksOf, momentsOf, reachable } from './moments.ts'

export interface TimelineQuery {
  /** DER. */
  leaf: Uint8Array
  intermediates: Uint8Array[]
  anchors: AnchorSet[]
  /** Current position of the timeline. */
  at: Date
  /** Scope of the lifetime rules for the renewal. */
  scope: LintScope
  host?: string
  /** Budget shared with other verifications; absent: that of one timeline. */
  budget?: Budget
}

/**
 * Verdicts of each client from `at` on. Validity changes only at the begin or end of a certificate on a
 * possible path, so one verification after each such moment is complete.
 */
export function timelineOf(query: TimelineQuery): Timeline {
  const { leaf, intermediates, anchors, host, budget = sharedBudget() } = query
  const { facts } = readCertificate(leaf)
  const known = reachable(query)
  const at = query.at.getTime()
  const moments = momentsOf(known, at)
  const clients = clientProfiles.map((profile) =>
    clientTimeline(profile, [at, ...moments], (moment) =>
      verifyByProfile(profile, { leaf, intermediates, anchors, at: new Date(moment), host, budget }),
    ),
  )
  return {
    at: query.at.toISOString(),
    title: facts.title,
    fingerprintSha256: facts.fingerprintSha256,
    clients,
    marks: marksOf(known, at),
    renewal: renewalOf(facts, query.scope, query.at),
  }
}

function verifyByProfile({ id, anchorsExpire }: ClientProfile, query: VerificationQuery): Verification {
  const verify = (by: Pick<VerificationQuery, 'anchors'>) =>
    verifyCertificate({ ...query, ...by, anchorsExpire })
  const usual = verify(query)
  const program = rootPrograms.find((each) => each.id === id)
  return program ? verifyForProgram(program.id, { ...query, verify }, usual).verification : usual
}

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
