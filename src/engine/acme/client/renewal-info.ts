import { isReached } from '../../../domain/reached-time.ts'
import { chainFromPem } from '../../../pki/facts/certificate.ts'
import { type Certificate, certificateOf } from '../../../pki/x509/certificate.ts'
import { allInParallel } from '../../core/in-parallel.ts'
import { readAnswer, renewalInfoSchema } from './answers.ts'
import { unusable } from './requests.ts'
import { retryAfterMs } from './retry-after.ts'
import type { AcmeAccountRow, CertificateRow, Vault } from '../../vault/vault.ts'
import type { AcmeClientNeeds } from './needs.ts'
import type { AcmeSession } from './session.ts'
import { openAccountSession } from './sessions.ts'
import { failureOf } from './session.ts'

/** The authority's renewal window for a certificate (RFC 9773). Times in ISO 8601. */
export interface RenewalInfo {
  start: string
  end: string
  explanationUrl: string | null
  askAgainAt: string
}

/** Poll interval: at least a minute, at most a day (RFC 9773, section 4.3). */
const leastMs = 60_000
const mostMs = 24 * 3_600_000
const usualMs = 6 * 3_600_000

/** ARI identifier of a certificate (RFC 9773, section 4.1); null without an authority key identifier. */
export function certificateId(certificate: Certificate): string | null {
  const keyId = certificate.decoded.authorityKeyIdentifier?.keyIdentifier
  if (!keyId) return null
  return `${Buffer.from(keyId).toString('base64url')}.${Buffer.from(certificate.serial).toString('base64url')}`
}

/** ARI identifier of a chain's leaf; null without one. */
export function ariIdOf(chainPem: string): string | null {
  const [leaf] = chainFromPem(chainPem)
  return leaf ? certificateId(certificateOf(leaf)) : null
}

/** ARI identifier of an ordered certificate; null for an uploaded one, and for one of the local authority. */
export function orderedAriIdOf({ issued }: Vault, row: CertificateRow): string | null {
  const source = issued.findByFingerprint(row.fingerprintSha256)?.source ?? 'acme'
  return row.kind === 'free' && source === 'acme' ? ariIdOf(row.chainPem) : null
}

export interface WindowQuestion {
  account: AcmeAccountRow
  id: string
  found(window: RenewalInfo): void
  failed(error: unknown): void
}

/** Whether a certificate is asked about now, at the intervals of its authority; notes when it is next by default. */
export function isAskedNow(
  askedAt: Map<string, string>,
  id: string,
  { window, now }: { window: Pick<RenewalInfo, 'askAgainAt'> | null; now: Date },
): boolean {
  if (!isReached(window?.askAgainAt ?? askedAt.get(id) ?? null, now, mostMs)) return false
  askedAt.set(id, new Date(now.getTime() + usualMs).toISOString())
  return true
}

const authoritiesAtOnce = 8
const questionsAtOnce = 4
/** Time for all questions to one authority: a stalled one must not hold up renewals at the others. */
const authorityMs = 30_000

/** Asks each authority over one session. Each failure is of its questions alone; none after `signal`. */
export async function askRenewalWindows(
  parts: AcmeClientNeeds,
  questions: readonly WindowQuestion[],
  signal: AbortSignal,
  timeoutMs = authorityMs,
): Promise<void> {
  const byAccount = [...Map.groupBy(questions, ({ account }) => account.id).values()]
  await allInParallel(byAccount, authoritiesAtOnce, (own) => askAuthority(parts, own, signal, timeoutMs))
}

async function askAuthority(
  parts: AcmeClientNeeds,
  questions: readonly WindowQuestion[],
  ending: AbortSignal,
  timeoutMs: number,
): Promise<void> {
  const [first] = questions
  if (!first || ending.aborted) return
  const failed = (question: WindowQuestion, error: unknown) => ending.aborted || question.failed(error)
  try {
    const signal = AbortSignal.any([ending, AbortSignal.timeout(timeoutMs)])
    using session = await openAccountSession(parts, first.account, signal)
    await allInParallel(questions, questionsAtOnce, async (question) => {
      try {
        const window = await fetchRenewalInfo(session, question.id)
        if (window) question.found(window)
      } catch (error) {
        failed(question, error)
      }
    })
  } catch (error) {
    for (const question of questions) failed(question, error)
  }
}

/**
 * Null if the authority has no renewal information.
 * @throws `acme.answer_unusable`, `acme.problem`, `acme.rate_limited`
 */
export async function fetchRenewalInfo(session: AcmeSession, id: string): Promise<RenewalInfo | null> {
  const { renewalInfo } = session.directory
  if (renewalInfo === undefined) return null
  const answer = await session.get(`${renewalInfo.replace(/\/$/, '')}/${id}`)
  const now = session.now()
  if (answer.status !== 200) throw failureOf(answer, now)
  const { suggestedWindow, explanationURL } = readAnswer(renewalInfoSchema, answer, 'renewal information')
  const [start, end] = [Date.parse(suggestedWindow.start), Date.parse(suggestedWindow.end)]
  if (!(end > start)) throw unusable(answer.host, 'the window in which to renew ends before it begins')
  const named = retryAfterMs(answer.headers['retry-after'], now) ?? usualMs
  return {
    start: new Date(start).toISOString(),
    end: new Date(end).toISOString(),
    explanationUrl: explanationURL ?? null,
    askAgainAt: new Date(now.getTime() + Math.min(mostMs, Math.max(leastMs, named))).toISOString(),
  }
}
