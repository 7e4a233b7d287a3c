import type { LintScope } from '../../contract/inspect/lint.ts'
import type { Timeline } from '../../contract/inspect/timeline.ts'
import { readCertificate } from '../facts/certificate.ts'
import type { AnchorSet } from '../verify/anchor-set.ts'
import { sharedBudget, type Budget } from '../verify/question.ts'
import { verifyCertificate } from '../verify/verify.ts'
import { clientTimeline } from './client-timeline.ts'
import { clientProfiles } from './clients.ts'
import { marksOf, momentsOf, reachable } from './moments.ts'
import { renewalOf } from './renewal.ts'

export interface TimelineQuery {
  /** DER. */
  leaf: Uint8Array
  intermediates: Uint8Array[]
  anchors: AnchorSet[]
  /** Current position of the timeline. */
  at: Date
  /** Scope of the lifetime rules for the renewal. */
  scope: LintScope
  host?: string | undefined
  /** Budget shared with other verifications; absent: that of one timeline. */
  budget?: Budget | undefined
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
      verifyCertificate({
        leaf,
        intermediates,
        anchors,
        at: new Date(moment),
        host,
        anchorsExpire: profile.anchorsExpire,
        budget,
      }),
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
