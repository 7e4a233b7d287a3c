import type { RenewalMethod } from '../../contract/renewal.ts'
import type { CertificateRow, DomainRow } from '../vault/vault.ts'
import { certificateFact, certificateRow, freeName, releaseOld } from '../certificates/certificates.ts'
import { type CertificateToServe, pointAt, stored, withErased } from '../certificates/certificate-to-serve.ts'
import { commit } from '../core/commit.ts'
import type { EngineParts } from '../parts.ts'
import { domainRow } from '../domains/domains.ts'
import { newRenewalState } from './renewal-state.ts'

/**
 * Gives all domains of a certificate its successor, in one change: the successor takes over name, note, tags and
 * how it is renewed. The one before stays what each domain can go back to, and is called by its end.
 * Answers with the successor's id.
 * @throws `certificate.not_found` where it was erased meanwhile
 */
export async function putInPlace(
  parts: EngineParts,
  old: CertificateRow,
  successor: CertificateToServe,
  renewal: { accountId: string | null; method: RenewalMethod },
): Promise<string> {
  const { vault, clock } = parts
  const at = clock().toISOString()
  const { done } = await commit(parts, () => {
    // One that was erased meanwhile must not come back under its name.
    certificateRow(parts, old.id)
    vault.certificates.rename(
      old.id,
      freeName(vault, `${old.name} (until ${old.notAfter.slice(0, 10)})`, old.id),
    )
    const row = stored(parts, successor)
    vault.certificates.rename(row.id, freeName(vault, old.name, row.id))
    vault.certificates.annotate(row.id, { note: old.note, tags: old.tags })
    if (old.kind === 'free') vault.certificates.setKept(old.id, false)
    vault.certificates.setKept(row.id, old.kept)
    const lastAttempt = {
      at,
      ok: true,
      code: null,
      summary: `It was renewed and ends on ${row.notAfter.slice(0, 10)}.`,
    }
    // One by one: what is given may be the row of the one before, with its identifier.
    const { accountId, method } = renewal
    const state = { ...newRenewalState(), lastAttempt }
    vault.renewals.put({ certificateId: row.id, accountId, method, state })
    clearHeld(parts, old.id)
    return { record: swapped(parts, old, row), id: row.id }
  })
  return done.id
}

/** The records of the swap. A paused domain stays paused. */
function swapped(parts: EngineParts, old: CertificateRow, row: Parameters<typeof pointAt>[2]) {
  const { vault } = parts
  const domains = vault.certificates.usage(old.id).map((name) => domainRow(parts, name))
  const records = domains.map((domain) => ({
    domain,
    record: pointAt(parts, domain, row, {
      action: 'https.renew',
      state: domain.httpsState === 'paused' ? 'paused' : 'on',
    }),
  }))
  const heldBy = ({ certificateId, previousCertificateId }: DomainRow) => [
    certificateId,
    previousCertificateId,
  ]
  const unused = releaseOld(parts, [old.id, ...domains.flatMap(heldBy)], false)
  const erasedOf = (domain: DomainRow) => unused.erased.filter(({ id }) => heldBy(domain).includes(id))
  const renewed = {
    action: 'certificate.renew',
    subject: row.id,
    before: certificateFact(old),
    after: { ...certificateFact(row), notAfter: row.notAfter },
  }
  return [
    renewed,
    ...records.map(({ domain, record }) => withErased(record, erasedOf(domain))),
    ...unused.records,
  ]
}

function clearHeld({ vault }: EngineParts, id: string): void {
  const before = vault.renewals.get(id)
  if (before) vault.renewals.put({ ...before, state: { ...newRenewalState(), window: before.state.window } })
}
