import type { RememberedCertificate } from '../../contract/records.ts'
import { holderAfterSwap } from '../../domain/certificate-fate.ts'
import { coveringName, type HostNames, hostNamesOf, swapImpact } from '../../domain/covered-names.ts'
import type { ServableMaterial } from '../../pki/intake/intake.ts'
import type { CertificateRow, DomainRow, NewCertificateRow } from '../vault/vault.ts'
import { certificateFact, storeCertificate } from './certificates.ts'
import type { ChangeRecord } from '../core/commit.ts'
import type { EngineParts } from '../parts.ts'

/** A certificate to serve: in the vault already, or material to be stored in the same change. */
export type CertificateToServe =
  | { row: CertificateRow; keep?: boolean }
  | { material: ServableMaterial; kind: 'uploaded' | 'free'; kept: boolean; name?: string }

/** An upload, or the certificate of the vault that it turns out to be. */
export function uploadToServe(
  { vault }: EngineParts,
  material: ServableMaterial,
  { keep, name }: { keep: boolean; name?: string },
): CertificateToServe {
  const known = vault.certificates.findByFingerprint(material.leaf.fingerprintSha256)
  return known ? { row: known, keep: known.kept || keep } : { material, kind: 'uploaded', kept: keep, name }
}

export function namesOf(chosen: CertificateToServe): HostNames {
  return 'row' in chosen ? hostNamesOf(chosen.row) : chosen.material.leaf.names
}

/** What it is or will be called, and its fingerprint. */
export function nameOf(chosen: CertificateToServe): RememberedCertificate {
  if ('row' in chosen) return certificateFact(chosen.row)
  const { leaf } = chosen.material
  return { name: chosen.name?.trim() || leaf.title, fingerprintSha256: leaf.fingerprintSha256 }
}

export function covers(chosen: CertificateToServe, domain: string): boolean {
  return coveringName(namesOf(chosen), domain) !== undefined
}

/** Inside a change: stores what is not in the vault yet. */
export function stored(parts: EngineParts, chosen: CertificateToServe): CertificateRow | NewCertificateRow {
  if (!('row' in chosen)) return storeCertificate(parts, chosen.material, chosen)
  if (chosen.keep) parts.vault.certificates.setKept(chosen.row.id, true)
  return chosen.row
}

/** Inside a change: gives the domain the certificate, remembers the one it had, and says so for the audit trail. */
export function pointAt(
  parts: EngineParts,
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

/** The record of a swap, with the certificates that the domain held and that were erased by it. */
export function withErased(record: ChangeRecord, erased: readonly CertificateRow[]): ChangeRecord {
  if (erased.length === 0) return record
  return { ...record, after: { ...(record.after as object), erased: erased.map(certificateFact) } }
}

export function httpsFacts({ vault }: EngineParts, { httpsState, certificateId }: DomainRow) {
  const row = certificateId ? vault.certificates.get(certificateId) : undefined
  return { state: httpsState, certificate: row ? certificateFact(row) : null }
}
