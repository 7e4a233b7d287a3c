import type { LintScope } from '../../contract/lint.ts'
import type { Timeline } from '../../contract/timeline.ts'
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
  /** Where the time machine stands. */
  at: Date
  /** Whose lifetime rules bind the renewal. */
  scope: LintScope
  host?: string | undefined
  /** What its verifications may spend together, with others; absent: what one timeline may. */
  budget?: Budget | undefined
}

/**
 * What each client says from `at` on. Nothing changes but at the begin or end of a certificate that can
 * be on a path, so a verification after each such moment tells all.
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
