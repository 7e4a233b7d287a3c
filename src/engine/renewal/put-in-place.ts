import type { RenewalMethod } from '../../contract/issuing/renewal.ts'
import type { CertificateRow } from '../vault/vault.ts'
import { certificateFact, certificateRow, freeName } from '../certificates/certificates.ts'
import { type CertificateToServe, stored, swapOn } from '../certificates/certificate-to-serve.ts'
import { type ChangeRecord, commit } from '../core/commit.ts'
import type { RenewalNeeds } from './needs.ts'
import { domainRow } from '../domains/domains.ts'
import { newRenewalState } from '../renewal-schedule/renewal-state.ts'

/**
 * Swaps a certificate for its successor on all its domains, in one transaction. The successor takes over
 * name, note, tags, owner and renewal settings; the old one is named by its end and stays for rollback.
 * @throws `certificate.not_found` if it was erased meanwhile
 */
export async function putInPlace(
  parts: RenewalNeeds,
  old: CertificateRow,
  successor: CertificateToServe,
  renewal: { accountId: string | null; method: RenewalMethod },
): Promise<string> {
  const { vault, clock } = parts
  const at = clock().toISOString()
  const { done } = await commit(parts, () => {
    // A certificate that was erased meanwhile must not come back under its name.
    certificateRow(parts, old.id)
    vault.certificates.rename(old.id, freeName(vault, old.name, old, { isPrevious: true }))
    const row = stored(parts, successor)
    vault.certificates.rename(row.id, freeName(vault, old.name, row))
    vault.certificates.annotate(row.id, { note: old.note, tags: old.tags, owner: old.owner })
    if (old.kind === 'free') vault.certificates.setKept(old.id, false)
    vault.certificates.setKept(row.id, old.kept)
    const lastAttempt = {
      at,
      ok: true,
      code: null,
      summary: `It was renewed and ends on ${row.notAfter.slice(0, 10)}.`,
    }
    // Members one by one: `renewal` may be the row of the old certificate, with its identifier.
    const { accountId, method } = renewal
    const state = { ...newRenewalState(), lastAttempt }
    vault.renewals.put({ certificateId: row.id, accountId, method, state })
    clearPendingDecision(parts, old.id)
    return { record: swapped(parts, old, row), id: row.id }
  })
  return done.id
}

/** Audit records of the swap. */
function swapped(
  parts: RenewalNeeds,
  old: CertificateRow,
  row: Parameters<typeof swapOn>[2],
): ChangeRecord[] {
  const domains = parts.vault.certificates.usage(old.id).map((name) => domainRow(parts, name))
  const { record } = swapOn(parts, domains, row, { action: 'https.renew', old: [old.id] })
  const before = certificateFact(old)
  const after = { ...certificateFact(row), notAfter: row.notAfter }
  return [{ action: 'certificate.renew', subject: row.id, before, after }, ...record]
}

function clearPendingDecision({ vault }: RenewalNeeds, id: string): void {
  const before = vault.renewals.get(id)
  if (before) vault.renewals.put({ ...before, state: { ...newRenewalState(), window: before.state.window } })
}
