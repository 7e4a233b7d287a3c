import {
  publishedStates,
  type ServerReport,
  type Target,
  type TargetRenewal,
  type TargetServer,
} from '../../contract/targets/targets.ts'
import { mayTryAgain, nextAttempt } from '../renewal-schedule/renewal-times.ts'
import { certificateSourceOf } from './certificate-source.ts'
import type { PublishNeeds } from './needs.ts'
import type { Outcome } from './publication.ts'
import { isDue } from './site-certificates.ts'

/** Whether a target that renews by itself has certificates that are due, or servers that did not get the last release. */
export function isRenewalDue(
  { renewal, domains, servers, history: [last] }: Pick<Target, 'renewal' | 'domains' | 'servers' | 'history'>,
  now: Date,
): boolean {
  if (!renewal || !mayTryAgain(renewal, now)) return false
  if (last?.servers.some(({ state }) => state === 'away' || state === 'waiting')) return true
  return hasDue(servers, domains, now)
}

function hasDue(servers: readonly TargetServer[], domains: readonly string[], now: Date): boolean {
  const certificates = servers.flatMap((server) => server.certificates)
  return certificates.some((each) => domains.includes(each.domain) && isDue(each, now))
}

/** State after a publication, with the time of the next attempt where it was not complete. */
export function renewalAfter(
  parts: PublishNeeds,
  { attempts: before }: TargetRenewal,
  { domains, outcomes }: { domains: string[]; outcomes: readonly Pick<Outcome, 'report' | 'server'>[] },
): TargetRenewal {
  const servers = outcomes.map(({ report }) => report)
  const isAcme = domains.some((name) => certificateSourceOf(parts, name).by === 'acme')
  const missing = servers.filter(({ state }) => !publishedStates.has(state))
  const [first] = missing.toSorted((a, b) => Number(isCaughtUpLater(a)) - Number(isCaughtUpLater(b)))
  if (!first) {
    const stored = outcomes.map(({ server }) => server)
    if (!hasDue(stored, domains, parts.clock())) return { attempts: 0, notBefore: null, lastAttempt: null }
    // Without a pause it would be ordered again and again.
    const summary = 'A new certificate is due for renewal at once: its authority or the clock here is wrong.'
    return afterFailure(parts, before, {
      code: 'publish.failed',
      summary,
      isLocal: !isAcme,
      wasIssued: isAcme,
    })
  }
  return afterFailure(parts, before, {
    code: isCaughtUpLater(first) ? null : 'publish.failed',
    summary: `${first.server}: ${first.steps.find(({ ok }) => !ok)?.sentence ?? first.state}`,
    isLocal: !isAcme || missing.every(({ state }) => state === 'away'),
    wasIssued: isAcme && missing.some(wasIssued),
  })
}

/** State after `before` incomplete attempts and another one. */
export function afterFailure(
  { clock }: PublishNeeds,
  before: number,
  { code, summary, ...attempt }: Failure,
): TargetRenewal {
  const now = clock()
  const attempts = before + 1
  const notBefore = nextAttempt(attempts, { now, retryAt: null, ...attempt }).toISOString()
  return { attempts, notBefore, lastAttempt: { at: now.toISOString(), code, summary } }
}

interface Failure {
  code: string | null
  summary: string
  isLocal: boolean
  /** A certificate was ordered for nothing, which counts against the limits of its authority. */
  wasIssued: boolean
}

/** A server that is caught up later is no fault. */
function isCaughtUpLater({ state }: ServerReport): boolean {
  return state === 'away' || state === 'waiting'
}

function wasIssued({ renewed, steps }: ServerReport): boolean {
  return renewed.length > 0 && steps.some(({ step, ok }) => step === 'certificates' && ok)
}
