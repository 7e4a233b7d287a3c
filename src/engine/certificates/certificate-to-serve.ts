import type { RememberedCertificate } from '../../contract/domains/history.ts'
import { holderAfterSwap } from '../../domain/certificate-retention.ts'
import { coveringName, type HostNames, hostNamesOf, swapImpact } from '../../domain/covered-names.ts'
import type { ServableMaterial } from '../../pki/intake/intake.ts'
import type { CertificateRow, DomainRow, NewCertificateRow } from '../vault/vault.ts'
import { certificateFact, releaseOld, storeCertificate } from './certificates.ts'
import type { ChangeRecord } from '../core/commit.ts'
import type { Core } from '../core/core.ts'

/** Certificate in the vault, or an upload to be stored in the same change. */
export type CertificateToServe =
  | { row: CertificateRow; keep?: boolean }
  | { material: ServableMaterial; kind: 'uploaded' | 'free'; kept: boolean; name?: string }

/** Returns the upload, or the vault's certificate if it is the same. */
export function uploadToServe(
  { vault }: Core,
  material: ServableMaterial,
  { keep, name }: { keep: boolean; name?: string },
): CertificateToServe {
  const known = vault.certificates.findByFingerprint(material.leaf.fingerprintSha256)
  return known ? { row: known, keep: known.kept || keep } : { material, kind: 'uploaded', kept: keep, name }
}

export function namesOf(chosen: CertificateToServe): HostNames {
  return 'row' in chosen ? hostNamesOf(chosen.row) : chosen.material.leaf.names
}

/** Current or future name, with the fingerprint. */
export function nameOf(chosen: CertificateToServe): RememberedCertificate {
  if ('row' in chosen) return certificateFact(chosen.row)
  const { leaf } = chosen.material
  return { name: chosen.name?.trim() || leaf.title, fingerprintSha256: leaf.fingerprintSha256 }
}

export function covers(chosen: CertificateToServe, domain: string): boolean {
  return coveringName(namesOf(chosen), domain) !== undefined
}

/** Stores an upload; inside a change. */
export function stored(parts: Core, chosen: CertificateToServe): CertificateRow | NewCertificateRow {
  if (!('row' in chosen)) return storeCertificate(parts, chosen.material, chosen)
  if (chosen.keep) parts.vault.certificates.setKept(chosen.row.id, true)
  return chosen.row
}

/** Swaps the domain's certificate and returns the audit entry; inside a change. */
export function swapCertificate(
  parts: Core,
  domain: DomainRow,
  row: CertificateRow | NewCertificateRow,
  { action, state }: { action: string; state: 'on' | 'paused' },
): ChangeRecord {
  const { vault } = parts
  const before = httpsFacts(parts, domain)
  const old = domain.certificateId ? vault.certificates.get(domain.certificateId) : undefined
  const swapped = old !== undefined && old.id !== row.id
  vault.domains.update(domain.name, { httpsState: state, ...holderAfterSwap(domain, row.id) })
  const after = { state, certificate: certificateFact(row) }
  return {
    action,
    subject: domain.name,
    before,
    after: swapped ? { ...after, impact: swapImpact(hostNamesOf(old), hostNamesOf(row)) } : after,
  }
}

/**
 * Swaps the certificate of domains and releases what they had, and `old`; inside a change. A paused domain
 * stays paused.
 */
export function swapOn(
  parts: Core,
  domains: DomainRow[],
  row: CertificateRow | NewCertificateRow,
  { action, old = [], keepOld = false }: { action: string; old?: string[]; keepOld?: boolean },
): { record: ChangeRecord[]; erased: CertificateRow[] } {
  const records = domains.map((domain) => {
    const state = domain.httpsState === 'paused' ? 'paused' : 'on'
    return { domain, record: swapCertificate(parts, domain, row, { action, state }) }
  })
  const idsOf = ({ certificateId, previousCertificateId }: DomainRow) => [
    certificateId,
    previousCertificateId,
  ]
  const unused = releaseOld(parts, [...old, ...domains.flatMap(idsOf)], keepOld)
  const erasedOf = (domain: DomainRow) => unused.erased.filter(({ id }) => idsOf(domain).includes(id))
  const record = records.map(({ domain, record }) => withErased(record, erasedOf(domain)))
  return { record: [...record, ...unused.records], erased: unused.erased }
}

/** Adds the erased certificates to the audit entry of a swap. */
export function withErased(record: ChangeRecord, erased: readonly CertificateRow[]): ChangeRecord {
  if (erased.length === 0) return record
  return { ...record, after: { ...(record.after as object), erased: erased.map(certificateFact) } }
}

export type CertificateReader = (id: string) => CertificateRow | undefined

export function httpsFacts(
  { vault }: Core,
  { httpsState, certificateId }: Pick<DomainRow, 'httpsState' | 'certificateId'>,
  certificateOf: CertificateReader = (id) => vault.certificates.get(id),
) {
  const row = certificateId ? certificateOf(certificateId) : undefined
  return { state: httpsState, certificate: row ? certificateFact(row) : null }
}
