import {
  askRenewalWindows,
  isAskedNow,
  orderedAriIdOf,
  type WindowQuestion,
} from '../acme/client/renewal-info.ts'
import type { CertificateListing } from '../vault/vault.ts'
import { publishUnpublished } from '../core/commit.ts'
import type { RenewalNeeds } from './needs.ts'
import type { renewalOf } from '../renewal-schedule/renewal-state.ts'

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
    const isAsked = isAskedNow(parts.ariAskedAt, row.id, { window: state.window, now })
    return isAsked ? questionFor(parts, row, accountId) : []
  })
  await askRenewalWindows(parts, questions, signal)
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
