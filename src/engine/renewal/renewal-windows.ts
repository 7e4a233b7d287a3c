import { askRenewalWindows, orderedAriIdOf, type WindowQuestion } from '../acme/client/renewal-info.ts'
import { isReached } from '../../domain/reached-time.ts'
import type { CertificateListing } from '../vault/vault.ts'
import { publishUnpublished } from '../core/commit.ts'
import type { RenewalNeeds } from './needs.ts'
import type { renewalOf } from '../renewal-schedule/renewal-state.ts'

const askAgainMs = 6 * 3_600_000
/** Longest poll interval (RFC 9773, section 4.3). */
const longestWaitMs = 24 * 3_600_000

export interface RenewalCandidate {
  row: CertificateListing
  renewal: NonNullable<ReturnType<typeof renewalOf>>
}

/**
 * Polls for renewal windows at the authorities' intervals (RFC 9773, section 4.3). Failures are logged and
 * retried.
 */
export async function askWindows(
  parts: RenewalNeeds,
  candidates: RenewalCandidate[],
  { mayGoOn, signal }: { mayGoOn: () => boolean; signal: AbortSignal },
): Promise<void> {
  const now = parts.clock()
  const questions = candidates.flatMap(({ row, renewal }) => {
    const { state, accountId, method } = renewal
    if (method.by !== 'acme' || accountId === null || state.held || !mayGoOn()) return []
    const askAgainAt = state.window?.askAgainAt ?? parts.ariAskedAt.get(row.id) ?? afterRenewal(state)
    if (!isReached(askAgainAt, now, longestWaitMs)) return []
    parts.ariAskedAt.set(row.id, new Date(now.getTime() + askAgainMs).toISOString())
    return questionFor(parts, row, accountId)
  })
  await askRenewalWindows(parts, questions, signal)
}

/**
 * First poll for a certificate that a renewal has made; null for any other. An authority whose windows lie in the past
 * would have a certificate a minute ordered.
 */
function afterRenewal({ lastAttempt }: RenewalCandidate['renewal']['state']): string | null {
  return lastAttempt?.ok ? new Date(Date.parse(lastAttempt.at) + askAgainMs).toISOString() : null
}

function questionFor(parts: RenewalNeeds, row: CertificateListing, accountId: string): WindowQuestion[] {
  const { vault, log } = parts
  const certificate = vault.certificates.get(row.id)
  const id = certificate ? orderedAriIdOf(vault, certificate) : null
  if (id === null) return []
  return [
    {
      id,
      account: vault.acmeAccounts.find(accountId),
      found(window) {
        const stored = vault.renewals.get(row.id)
        if (!stored) return
        vault.renewals.put({ ...stored, state: { ...stored.state, window } })
        publishUnpublished(parts)
      },
      failed: (error) => log.warn({ err: error, certificate: row.name }, 'Renewal window request failed'),
    },
  ]
}
