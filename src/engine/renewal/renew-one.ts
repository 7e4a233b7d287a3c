import { sentences } from '../../contract/text/sentences.ts'
import { setImmediate as otherWork } from 'node:timers/promises'
import type { AcmeOrderState } from '../../contract/acme/acme.ts'
import { EdgekeepError } from '../../contract/errors/registry.ts'
import type { AcmeParameters, Renewed } from '../../contract/issuing/renewal.ts'
import { orderedAriIdOf } from '../acme/client/renewal-info.ts'
import { materialOf, signLocally } from '../local-authority/local-authority.ts'
import { isFromFuture, nextAttempt } from '../renewal-schedule/renewal-times.ts'
import { certificateFacts, chainFromPem } from '../../pki/facts/certificate.ts'
import type { ServableMaterial } from '../../pki/intake/intake.ts'
import { pkcs8Pem } from '../../pki/issue/authority-certificates.ts'
import { newLeafKey } from '../../pki/issue/leaf-keys.ts'
import { readLeafNames } from '../../pki/issue/leaf-names.ts'
import type { CertificateRow } from '../vault/vault.ts'
import { withOrdered } from '../acme/client/order-certificate.ts'
import { certificateFact, certificateRow, storeCertificate } from '../certificates/certificates.ts'
import { problemsOfSwap } from '../certificates/replacement.ts'
import { commit } from '../core/commit.ts'
import { requireValidRoot } from '../core/root-validity.ts'
import { gcAtEnd } from '../core/schedule-gc.ts'
import type { RenewalNeeds } from './needs.ts'
import { shapeOf } from '../local-authority/issued.ts'
import { putInPlace } from './put-in-place.ts'
import { isUnfitLocal, newRenewalState, renewalOf } from '../renewal-schedule/renewal-state.ts'

const hourMs = 3_600_000

type Renewal = NonNullable<ReturnType<typeof renewalOf>>

export interface RenewOptions {
  acceptWorse?: boolean
  signal?: AbortSignal
}

interface Attempt extends RenewOptions {
  /** The authority has issued a certificate, which counts against its limits. */
  wasIssued: boolean
}

/**
 * Renews one certificate and swaps it, or returns the reason of a failure, which the audit trail records with
 * the time of the next attempt.
 * @throws `certificate.not_found` and `vault.locked`
 */
export async function renewOne(
  parts: RenewalNeeds,
  id: string,
  options: RenewOptions = {},
): Promise<Renewed> {
  const { vault } = parts
  vault.requireUnlocked()
  const old = certificateRow(parts, id)
  const stored = vault.renewals.get(id)
  const renewal = renewalOf(old, stored)
  const problem = problemOf(renewal, stored?.method.by === 'off')
  if (!renewal || problem !== null)
    return renewedAs(old, 'not-renewable', problem ?? 'It does not renew automatically.')
  const attempt = { ...options, wasIssued: false }
  try {
    return await tryRenewal(parts, old, renewal, attempt)
  } catch (error) {
    if (options.signal?.aborted) throw error
    if (!vault.certificates.get(id)) return erasedMeanwhile(old)
    // Not noted, so that its backoff does not outlast a new authority.
    if (isRefusedByRoot(error)) return { ...renewedAs(old, 'failed', error.message), code: error.code }
    return noteFailure(parts, old, renewal, { error, wasIssued: attempt.wasIssued })
  }
}

function isRefusedByRoot(error: unknown): error is EdgekeepError {
  return error instanceof EdgekeepError && error.code === 'authority.not_yet_valid'
}

function erasedMeanwhile(old: CertificateRow): Renewed {
  const message = 'It was erased while it was being renewed, so nothing was put in its place.'
  return { ...renewedAs(old, 'failed', message), code: 'certificate.not_found' }
}

/** Reason why a certificate cannot be renewed; null if it can. */
function problemOf(renewal: Renewal | undefined, isOff: boolean): string | null {
  if (isOff) return 'Its renewal is turned off. To turn it on: edgekeep cert renewal NAME --default'
  if (!renewal) return 'It was uploaded. Let it be renewed by an ACME account, or set a reminder.'
  if (renewal.method.by === 'reminder') return 'It was uploaded, and only a reminder is set for it.'
  return null
}

async function issueLike(parts: RenewalNeeds, row: CertificateRow): Promise<ServableMaterial> {
  // Before a key is made: the certificates of such a root are tried at each look.
  requireValidRoot(parts)
  const [leaf] = chainFromPem(row.chainPem)
  if (!leaf) throw new TypeError('A stored chain has at least its leaf')
  const { names, usage, key, lifeHours } = shapeOf(certificateFacts(leaf))
  const { publicKey, privateKey } = await newLeafKey(key)
  const wanted = { names: readLeafNames(names), usage, publicKey, lifeMs: lifeHours * hourMs }
  return materialOf(await signLocally(parts, wanted, { source: 'vault' }), pkcs8Pem(privateKey))
}

async function tryRenewal(
  parts: RenewalNeeds,
  old: CertificateRow,
  renewal: Renewal,
  options: Attempt,
): Promise<Renewed> {
  const { vault } = parts
  const { held } = renewal.state
  const ready = held?.certificateId ? vault.certificates.get(held.certificateId) : undefined
  if (ready && options.acceptWorse) {
    await putInPlace(parts, old, { row: ready }, renewal)
    return renewedAs(old, 'renewed', renewedSentence(ready.notAfter))
  }
  if (ready) return renewedAs(old, 'held', objectionsSentence(held?.reasons ?? []))
  if (renewal.method.by === 'acme') return renewByAcme(parts, old, renewal, renewal.method, options)
  const material = await issueLike(parts, old)
  using _gc = gcAtEnd()
  using _key = material.keyPem
  // Signing and storing are separate turns of the event loop, to shorten the wait of others.
  await otherWork()
  return await place(parts, old, renewal, material, options)
}

function renewByAcme(
  parts: RenewalNeeds,
  old: CertificateRow,
  renewal: Renewal,
  wish: AcmeParameters,
  options: Attempt,
): Promise<Renewed> {
  const order = {
    account: parts.vault.acmeAccounts.find(renewal.accountId ?? ''),
    names: [...old.dnsNames, ...old.ipNames].map((name) => name.toLowerCase()),
    wish,
    // ARI applies only to certificates of the same authority; others are unknown to it.
    replaces: orderedAriIdOf(parts.vault, old),
    onState: ({ state }: AcmeOrderState) => {
      if (state === 'downloading') options.wasIssued = true
    },
    signal: options.signal,
  }
  return withOrdered(parts, order, (material) => place(parts, old, renewal, material, options))
}

/** Swaps the certificate, or holds it for a decision if it would be worse than the old one. */
async function place(
  parts: RenewalNeeds,
  old: CertificateRow,
  renewal: Renewal,
  material: ServableMaterial,
  { acceptWorse = false }: RenewOptions,
): Promise<Renewed> {
  const now = parts.clock()
  const isAccepted = acceptWorse || isUnfitLocal(old, renewal, now)
  const successor = { material, kind: 'free', kept: false, name: old.name } as const
  const reasons = isAccepted ? [] : problemsOfSwap(parts, old, successor)
  if (reasons.length > 0) return hold(parts, old, renewal, material, reasons)
  await putInPlace(parts, old, successor, renewal)
  return renewedAs(old, 'renewed', renewedSentence(material.leaf.notAfter))
}

/** Stores the certificate for the decision, since it counts against the authority's limits either way. */
async function hold(
  parts: RenewalNeeds,
  old: CertificateRow,
  { accountId, method, state }: Renewal,
  material: ServableMaterial,
  reasons: string[],
): Promise<Renewed> {
  const { vault } = parts
  await commit(parts, () => {
    // A certificate that was erased meanwhile needs no decision.
    certificateRow(parts, old.id)
    const name = `${old.name} (waits for a decision)`
    const stored =
      method.by === 'acme' ? storeCertificate(parts, material, { kind: 'free', kept: true, name }) : null
    if (stored)
      vault.renewals.put({
        certificateId: stored.id,
        accountId: null,
        method: { by: 'reminder', days: 7 },
        state: newRenewalState(),
      })
    const pending = { certificateId: stored?.id ?? null, reasons }
    vault.renewals.put({ certificateId: old.id, accountId, method, state: { ...state, held: pending } })
    const record = {
      action: 'certificate.renew_held',
      subject: old.id,
      before: certificateFact(old),
      after: { ...certificateFact(old), reasons },
    }
    return { record }
  })
  return renewedAs(old, 'held', objectionsSentence(reasons))
}

async function noteFailure(
  parts: RenewalNeeds,
  old: CertificateRow,
  { accountId, method, state }: Renewal,
  { error, wasIssued }: { error: unknown; wasIssued: boolean },
): Promise<Renewed> {
  const { vault, clock, log } = parts
  const now = clock()
  // Failures under a clock that was ahead do not count.
  const attempts = isFromFuture(state.lastAttempt, now) ? 1 : state.attempts + 1
  const retryAt =
    error instanceof EdgekeepError && error.code === 'acme.rate_limited'
      ? (error.data as { retryAt: string }).retryAt
      : null
  const next = nextAttempt(attempts, {
    now,
    retryAt,
    isLocal: method.by === 'local',
    wasIssued,
  }).toISOString()
  const code = error instanceof EdgekeepError ? error.code : 'engine.failed'
  const summary = error instanceof EdgekeepError ? error.message : sentences.unexpected
  log.warn({ err: error, certificate: old.name, next }, 'Certificate renewal failed')
  // If the vault was locked meanwhile, the attempt is repeated after it is unlocked.
  if (!vault.protection.locked) {
    await commit(parts, () => {
      const lastAttempt = { at: now.toISOString(), ok: false, code, summary }
      vault.renewals.put({
        certificateId: old.id,
        accountId,
        method,
        state: { ...state, attempts, notBefore: next, lastAttempt },
      })
      const after = { ...certificateFact(old), code, reason: summary, next }
      return {
        record: { action: 'certificate.renew_failed', subject: old.id, before: certificateFact(old), after },
      }
    })
  }
  return { ...renewedAs(old, 'failed', summary), code, nextAt: next }
}

function renewedAs({ id, name }: CertificateRow, outcome: Renewed['outcome'], message: string): Renewed {
  return { certificate: { id, name }, outcome, message, code: null, nextAt: null }
}

function renewedSentence(notAfter: string): string {
  return `The new certificate is served and ends on ${notAfter.slice(0, 10)}.`
}

function objectionsSentence(reasons: string[]): string {
  return `The new certificate would be worse: ${reasons.join('; ')}. Use it all the same: "edgekeep renew --accept-worse", or in the window.`
}
