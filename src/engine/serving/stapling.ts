import type { Stapling } from '../../contract/issuing/stapling.ts'
import type { Staple } from '../../edge/protocol/snapshot.ts'
import { chainFromPem } from '../../pki/facts/certificate.ts'
import { judgeOcspResponse, type OcspVerdict } from '../../pki/ocsp/judge.ts'
import { ocspRequest } from '../../pki/ocsp/request.ts'
import { allowances, type Allowance } from '../network-guard/guard.ts'
import { announce } from '../core/commit.ts'
import { askResponder, responderOf, type NoResponder, type Responder } from './ocsp-source.ts'
import type { StaplingNeeds } from './needs.ts'

const lookEveryMs = 30_000
const minuteMs = 60_000
const hourMs = 60 * minuteMs
/** Interval for responses without nextUpdate: newer ones are always available (RFC 6960, section 4.2.2.1). */
const undatedMs = hourMs
const longestWaitMs = 12 * hourMs

interface StapledCertificate {
  certificateId: string
  fingerprint: string
  source: Responder | null
  users: Set<string>
  /** Staple until its end; null without one. */
  answer: Staple | null
  state: Stapling
  dueAt: number
  failures: number
  isAsking: boolean
}

export type StapleKeeper = ReturnType<typeof createStapleKeeper>

/**
 * Caches OCSP responses for domains with stapling: queried when needed, verified before use, refreshed at
 * half of their validity, dropped at its end. Entries from a clock that was ahead are ignored once it is
 * right: a response from the future is dropped, and an attempt or a next query in an impossible future means
 * to query now.
 */
export function createStapleKeeper(parts: StaplingNeeds) {
  const { vault, clock, log } = parts
  const stapled = new Map<string, StapledCertificate>()
  const byDomain = new Map<string, string>()
  const ending = new AbortController()
  const timer = setInterval(() => void look(), lookEveryMs).unref()
  follow(vault.domains.list().map(({ name }) => name))
  parts.topics.rowsChanged.follow(({ domains }) => follow(domains))

  /** Checks these domains again: whether they have a certificate, and whether it is to be stapled. */
  function follow(domains: Iterable<string>): void {
    for (const name of domains) {
      const row = vault.domains.get(name)
      const isStapled = row?.httpsState === 'on' && row.policies.tls.ocspStapling
      const id = isStapled ? row.certificateId : null
      const before = byDomain.get(name) ?? null
      if (id === before) continue
      if (before !== null) release(before, name)
      byDomain.delete(name)
      if (id !== null) hold(id, name)
    }
    void look()
  }

  function hold(id: string, domain: string): void {
    let one = stapled.get(id)
    if (!one) {
      const row = vault.certificates.get(id)
      if (!row) return
      one = newStapledCertificate(row, responderOf(parts, chainFromPem(row.chainPem)))
      stapled.set(id, one)
    }
    one.users.add(domain)
    byDomain.set(domain, id)
  }

  function release(id: string, domain: string): void {
    const one = stapled.get(id)
    one?.users.delete(domain)
    if (one?.users.size === 0) stapled.delete(id)
  }

  /** Queries all responders that are due and drops stale responses. Resolves when every query has ended. */
  async function look(): Promise<void> {
    const now = clock().getTime()
    const stale = [...stapled.values()].filter(({ answer }) => answer !== null && !isGood(answer, now))
    for (const one of stale) dropAnswer(one)
    const due = [...stapled.values()].filter((one) => !one.isAsking && isDue(one, now))
    await Promise.all([...due.map((one) => ask(one)), stale.length > 0 ? publish(stale) : null])
  }

  async function ask(one: StapledCertificate): Promise<void> {
    if (!one.source) return
    const { leaf, issuer, address } = one.source
    one.isAsking = true
    const asked = await askResponder(address, ocspRequest(leaf, issuer), {
      allowance: allowanceFor(address, parts),
      signal: ending.signal,
    })
    one.isAsking = false
    if (ending.signal.aborted) return
    const at = clock()
    const verdict: OcspVerdict =
      'failure' in asked
        ? { ok: false, reason: asked.failure }
        : judgeOcspResponse(asked.response, { leaf, issuer, at })
    if (verdict.ok && 'response' in asked) takeAnswer(one, asked.response, verdict, at)
    else if (!verdict.ok) takeFailure(one, 'failure' in asked ? verdict.reason : unusable(verdict.reason), at)
    if (one.state.problem !== null) log.warn({ problem: one.state.problem }, 'OCSP request failed')
    await publish([one])
  }

  /** Publishes to the workers and to subscribers. */
  async function publish(changed: StapledCertificate[]): Promise<void> {
    try {
      await parts.supervisor?.apply()
      announce(parts, {
        domains: changed.flatMap(({ users }) => [...users]),
        certificates: changed.map(({ certificateId }) => certificateId),
      })
    } catch (error) {
      log.error({ err: error }, 'OCSP staple update failed')
    }
  }

  return {
    look,
    /** Current OCSP staples by the SHA-256 of the leaf in hex. */
    staples() {
      const answers = [...stapled.values()].flatMap(({ fingerprint, answer }) =>
        answer ? [[fingerprint, answer] as const] : [],
      )
      return Object.fromEntries(answers)
    },
    state: (id: string) => stapled.get(id)?.state ?? null,
    close() {
      clearInterval(timer)
      ending.abort()
    },
  }
}

/** Responders are public, except this engine's own, for certificates of the local authority. */
function allowanceFor(address: string, { publication, responderAllowance }: StaplingNeeds): Allowance {
  const own = publication.state().address
  if (own !== null && new URL(address).origin === own) return allowances.ownComputer
  return responderAllowance
}

function unusable(reason: string): string {
  return `The answer cannot be used: ${reason}.`
}

function newStapledCertificate(
  { id, fingerprintSha256 }: { id: string; fingerprintSha256: string },
  source: Responder | NoResponder,
): StapledCertificate {
  const isKnown = 'leaf' in source
  return {
    certificateId: id,
    fingerprint: fingerprintSha256,
    source: isKnown ? source : null,
    users: new Set(),
    answer: null,
    state: {
      state: isKnown ? 'waiting' : 'none',
      responder: source.address,
      askedAt: null,
      thisUpdate: null,
      nextUpdate: null,
      problem: isKnown ? null : source.problem,
    },
    dueAt: 0,
    failures: 0,
    isAsking: false,
  }
}

function isGood({ goodFrom, goodUntil }: Staple, now: number): boolean {
  return goodFrom <= now && now < goodUntil
}

function isDue({ dueAt, state }: StapledCertificate, now: number): boolean {
  const isFromFuture = state.askedAt !== null && Date.parse(state.askedAt) > now
  return dueAt <= now || dueAt > now + longestWaitMs || isFromFuture
}

function takeAnswer(
  one: StapledCertificate,
  response: Uint8Array,
  verdict: OcspVerdict & { ok: true },
  at: Date,
): void {
  const { status, thisUpdate, nextUpdate, revokedAt } = verdict
  const goodUntil = nextUpdate?.getTime() ?? at.getTime() + undatedMs
  one.failures = 0
  // A "revoked" is not stapled: it would only inform clients sooner. A responder's clock may be slightly
  // ahead of this one.
  const goodFrom = nextUpdate ? Math.min(thisUpdate.getTime(), at.getTime()) : at.getTime()
  one.answer = status === 'good' ? { response, goodFrom, goodUntil } : null
  one.dueAt = at.getTime() + clamp((goodUntil - at.getTime()) / 2, minuteMs, longestWaitMs)
  one.state = {
    ...one.state,
    state: status,
    askedAt: at.toISOString(),
    thisUpdate: thisUpdate.toISOString(),
    nextUpdate: nextUpdate?.toISOString() ?? null,
    problem: revokedAt ? `The responder says that the certificate was revoked on ${dayOf(revokedAt)}.` : null,
  }
}

/** Keeps the previous response until it is stale. */
function takeFailure(one: StapledCertificate, problem: string, at: Date): void {
  one.failures += 1
  one.dueAt = at.getTime() + Math.min(minuteMs * 2 ** (one.failures - 1), hourMs)
  one.state = { ...one.state, askedAt: at.toISOString(), problem }
  if (one.state.state === 'waiting') one.state.state = 'missing'
}

function dropAnswer(one: StapledCertificate): void {
  one.answer = null
  one.state = { ...one.state, state: 'missing', thisUpdate: null, nextUpdate: null }
}

function clamp(value: number, least: number, most: number): number {
  return Math.min(Math.max(value, least), most)
}

function dayOf(date: Date): string {
  return date.toISOString().slice(0, 10)
}
