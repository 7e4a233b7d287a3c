import type { z } from 'zod'
import type { CertificateSummary } from '../../contract/domains/domains.ts'
import { EdgekeepError } from '../../contract/errors/registry.ts'
import type { RenewInput, renewalMethodInputSchema } from '../../contract/certificates/renewal-procedures.ts'
import { isByDns, type Renewed } from '../../contract/issuing/renewal.ts'
import { certificateFact, certificateRow, summaryOf } from '../certificates/certificates.ts'
import { commit } from '../core/commit.ts'
import type { RenewalNeeds } from './needs.ts'
import type { RenewalScheduler } from './renewal-scheduler.ts'
import { newRenewalState, isDue, plannedAt, renewalOf } from '../renewal-schedule/renewal-state.ts'
import { candidates } from './renewal-scheduler.ts'
import { renewOne } from './renew-one.ts'

export interface RenewalCallNeeds extends RenewalNeeds {
  /** Null without an edge: certificates are then renewed on request only. */
  renewal: RenewalScheduler | null
}

/**
 * Renews certificates one after the other and yields each result.
 * @throws `vault.locked`
 */
export async function* renewMany(
  parts: RenewalCallNeeds,
  { ids, due, dryRun, acceptWorse }: RenewInput,
  signal?: AbortSignal,
): AsyncGenerator<Renewed> {
  const { vault, clock } = parts
  if (!dryRun) vault.requireUnlocked()
  const wanted =
    ids ??
    candidates(parts)
      .filter(({ renewal }) => renewal.method.by !== 'reminder')
      .map(({ row }) => row.id)
  for (const id of new Set(wanted)) {
    if (signal?.aborted) return
    // The certificate may have been erased since the list was made.
    if (!ids && !vault.certificates.get(id)) continue
    const row = certificateRow(parts, id)
    const renewal = renewalOf(row, vault.renewals.get(id))
    const now = clock()
    if (renewal && due && !isDue(row, renewal, now))
      yield outcomeOf(row, renewal, { outcome: 'not-due', now })
    else if (renewal && dryRun)
      yield outcomeOf(row, renewal, {
        outcome: renewal.method.by === 'reminder' ? 'not-renewable' : 'would-renew',
        now,
      })
    else
      yield await (parts.renewal?.renew(id, { acceptWorse, signal }) ??
        renewOne(parts, id, { acceptWorse, signal }))
  }
}

function outcomeOf(
  { id, name, notBefore, notAfter }: { id: string; name: string; notBefore: string; notAfter: string },
  renewal: NonNullable<ReturnType<typeof renewalOf>>,
  { outcome, now }: { outcome: 'not-due' | 'would-renew' | 'not-renewable'; now: Date },
): Renewed {
  const at = plannedAt({ id, notBefore, notAfter }, renewal, now).toISOString()
  const { held, notBefore: waits } = renewal.state
  const message = held
    ? `A new certificate waits for a decision: ${held.reasons.join('; ')}.`
    : {
        'not-due': `It is due on ${at.slice(0, 10)}.`,
        'would-renew': 'It would be renewed.',
        'not-renewable': 'Only a reminder is set for it.',
      }[outcome]
  return { certificate: { id, name }, outcome, message, code: null, nextAt: waits ?? at }
}

/**
 * Sets how a certificate is renewed; null restores the default of its kind.
 * @throws `acme.account_not_found`, `acme.dns_not_found`, `acme.wildcard_needs_dns`
 */
export async function setRenewal(
  parts: RenewalCallNeeds,
  { id, wish }: { id: string; wish: z.output<typeof renewalMethodInputSchema> | null },
): Promise<CertificateSummary> {
  const { vault } = parts
  const row = certificateRow(parts, id)
  const before = vault.renewals.get(id)
  if (wish?.by === 'acme') {
    const wildcard = row.dnsNames.find((name) => name.startsWith('*.'))
    if (wildcard !== undefined && !isByDns(wish.challenge))
      throw new EdgekeepError('acme.wildcard_needs_dns', { name: wildcard })
    if (wish.dnsMethod !== null) vault.dnsMethods.find(wish.dnsMethod)
  }
  const accountId = wish?.by === 'acme' ? vault.acmeAccounts.find(wish.account).id : null
  await commit(parts, () => {
    if (wish)
      vault.renewals.put({ certificateId: id, accountId, method: methodOf(wish), state: newRenewalState() })
    else vault.renewals.remove(id)
    const after = { ...certificateFact(row), by: wish?.by ?? null }
    return {
      record: {
        action: 'certificate.renewal',
        subject: id,
        before: { by: before?.method.by ?? null },
        after,
      },
    }
  })
  return summaryOf(parts, id)
}

function methodOf(wish: z.output<typeof renewalMethodInputSchema>) {
  if (wish.by !== 'acme') return wish
  const { account: _, ...method } = wish
  return method
}
