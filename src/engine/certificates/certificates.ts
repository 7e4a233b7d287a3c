import { certificateTitles } from '../../domain/certificate-title.ts'
import { nearest } from '../../contract/text/nearest.ts'
import { randomUUID } from 'node:crypto'
import type { CertificateSummary, Effect } from '../../contract/domains/domains.ts'
import type { TagChanges } from '../../contract/shared/tags.ts'
import { changedTags } from '../../domain/changed-tags.ts'
import { echoOf } from '../../domain/echo.ts'
import { EdgekeepError } from '../../contract/errors/registry.ts'
import type { CertificateDetail } from '../../contract/certificates/procedures.ts'
import { certificateFate, fateAfterSwap } from '../../domain/certificate-retention.ts'
import { readableName } from '../../contract/text/readable-name.ts'
import { certificateFacts, chainFromPem } from '../../pki/facts/certificate.ts'
import { toP7b, toPem } from '../../pki/formats/convert.ts'
import type { ServableMaterial } from '../../pki/intake/intake.ts'
import type {
  CertificateListing,
  CertificateRow,
  DomainRow,
  NewCertificateRow,
  Vault,
} from '../vault/vault.ts'
import { type ChangeRecord, commit } from '../core/commit.ts'
import type { Core } from '../core/core.ts'
import type { CertificateNeeds } from './needs.ts'
import { verifyChain } from './verdicts.ts'
import { certificateSummary, certificateViews, renewalViews, usageByCertificate } from './views.ts'

/** Lazy. */
export function listCertificates(parts: CertificateNeeds): IteratorObject<CertificateSummary> {
  const { vault, clock, stapling } = parts
  const usage = usageByCertificate(vault.domains.list())
  const now = clock()
  const renewals = renewalViews(parts, now)
  return vault.certificates
    .list()
    .values()
    .map((row) =>
      certificateSummary(row, usage.get(row.id) ?? [], {
        now,
        stapling: stapling?.state(row.id) ?? null,
        renewal: renewals(row),
      }),
    )
}

/** @throws `certificate.not_found` */
export function certificateRow({ vault }: Core, id: string): CertificateRow {
  const row = vault.certificates.get(id)
  if (!row) throw new EdgekeepError('certificate.not_found', { reference: echoOf(id) })
  return row
}

export function summaryOf(parts: CertificateNeeds, id: string): CertificateSummary {
  const summary = certificateViews(parts)(id)
  if (!summary) throw new EdgekeepError('certificate.not_found', { reference: echoOf(id) })
  return summary
}

export function getCertificate(parts: CertificateNeeds, id: string): CertificateDetail {
  const row = certificateRow(parts, id)
  const chain = chainFromPem(row.chainPem)
  return {
    summary: summaryOf(parts, id),
    chain: chain.map((der) => certificateFacts(der)),
    verification: verifyChain(parts, chain),
  }
}

/** Finds a certificate by id, name, or the first digits (4 or more) of its SHA-256 fingerprint. */
export function findCertificate(parts: CertificateNeeds, reference: string): CertificateSummary {
  const all = [...listCertificates(parts)]
  const wanted = readableName(reference)
  const exact = all.filter(({ id, name }) => id === reference || name === wanted)
  const digits = reference.replaceAll(':', '').toLowerCase()
  const byFingerprint = /^[0-9a-f]{4,}$/.test(digits)
    ? all.filter(({ fingerprintSha256 }) => fingerprintSha256.startsWith(digits))
    : []
  const found = exact.length > 0 ? exact : byFingerprint
  const [only, ...others] = found
  if (!only) {
    const near = nearest(
      reference,
      all.map(({ name }) => name),
    )
    throw new EdgekeepError('certificate.not_found', { reference: echoOf(reference), near })
  }
  if (others.length > 0) {
    const candidates = found.map(
      ({ name, fingerprintSha256 }) => `${name} (${fingerprintSha256.slice(0, 12)})`,
    )
    throw new EdgekeepError('certificate.ambiguous', { reference: echoOf(reference), candidates })
  }
  return only
}

/**
 * Keeps an uploaded certificate in "My certificates", under `name` even if a domain has it already.
 * @throws `certificate.duplicated` if it is kept there
 */
export async function importCertificate(
  parts: CertificateNeeds,
  material: ServableMaterial,
  name?: string,
): Promise<CertificateSummary & { formerName: string | null }> {
  const known = parts.vault.certificates.findByFingerprint(material.leaf.fingerprintSha256)
  if (known?.kept) {
    const { name: knownName, fingerprintSha256 } = known
    throw new EdgekeepError('certificate.duplicated', { name: knownName, fingerprintSha256 })
  }
  if (known) {
    const wanted = name?.trim()
    if (wanted && wanted !== known.name) await renameCertificate(parts, known.id, wanted)
    return { ...(await setKept(parts, known.id, true)), formerName: known.name }
  }
  const { done } = await commit(parts, () => {
    const row = storeCertificate(parts, material, { kind: 'uploaded', kept: true, name })
    const record = {
      action: 'certificate.import',
      subject: row.id,
      before: null,
      after: certificateFact(row),
    }
    return { record, id: row.id }
  })
  return { ...summaryOf(parts, done.id), formerName: null }
}

/** Inserts the certificate and seals its key; to be called inside a change. */
export function storeCertificate(
  { vault }: Core,
  material: ServableMaterial,
  options: { kind: 'uploaded' | 'free'; kept: boolean; name?: string },
): NewCertificateRow {
  const { leaf, chainPem, keyPem, rootPem = null } = material
  const about = {
    id: randomUUID(),
    issuer: leaf.issuer,
    notAfter: leaf.notAfter,
    fingerprintSha256: leaf.fingerprintSha256,
  }
  const row: NewCertificateRow = {
    ...about,
    name: freeName(vault, options.name?.trim() || leaf.title, about),
    kind: options.kind,
    kept: options.kept,
    chainPem,
    rootPem,
    title: leaf.title,
    dnsNames: leaf.names.dns,
    ipNames: leaf.names.ip,
    notBefore: leaf.notBefore,
    spkiSha256: leaf.publicKey.spkiSha256,
    keyType: [leaf.publicKey.type, leaf.publicKey.curve ?? leaf.publicKey.bits].filter(Boolean).join(' '),
  }
  vault.certificates.insert(row)
  vault.keys.sealKey(row.id, row.spkiSha256, keyPem.bytes)
  const answered = vault.requests.findByKey(row.spkiSha256)
  if (answered) vault.requests.remove(answered.id)
  return row
}

export function certificateFact({ name, fingerprintSha256 }: { name: string; fingerprintSha256: string }) {
  return { name, fingerprintSha256 }
}

/**
 * The plainest name for a certificate that no other has: `shop.test`, then with its end, issuer or
 * fingerprint. `isPrevious`: the name itself belongs to its successor.
 */
export function freeName(
  vault: Core['vault'],
  wanted: string,
  certificate: Pick<CertificateRow, 'id' | 'notAfter' | 'issuer' | 'fingerprintSha256'>,
  { isPrevious = false } = {},
): string {
  const titles = certificateTitles(wanted, certificate).slice(isPrevious ? 1 : 0)
  const free = titles.find((title) => !vault.certificates.isNameTaken(title, certificate.id))
  return free ?? `${wanted} (${certificate.fingerprintSha256})`
}

export async function renameCertificate(
  parts: CertificateNeeds,
  id: string,
  name: string,
): Promise<CertificateSummary> {
  const row = certificateRow(parts, id)
  await commit(parts, () => {
    const after = freeName(parts.vault, name.trim(), row)
    parts.vault.certificates.rename(row.id, after)
    const record = { action: 'certificate.rename', subject: id, before: row.name, after }
    return { record }
  })
  return summaryOf(parts, id)
}

/** Partial update of a person's notes on a certificate. */
export async function annotateCertificate(
  parts: CertificateNeeds,
  id: string,
  annotation: Partial<NotesOfRow>,
): Promise<CertificateSummary> {
  const row = certificateRow(parts, id)
  const { note = row.note, tags = row.tags, owner = row.owner } = annotation
  const after = { note, tags: [...new Set(tags)], owner }
  await commit(parts, () => ({ record: annotated(parts, row, after) }))
  return summaryOf(parts, id)
}

type NotesOfRow = Pick<CertificateRow, 'note' | 'tags' | 'owner'>

/**
 * Changes the tags of all certificates or of none.
 * @throws `certificate.not_found`, and `input.invalid` for too many tags
 */
export async function tagCertificates(
  parts: CertificateNeeds,
  ids: string[],
  changes: TagChanges,
): Promise<{ changed: string[]; effect: Effect | null }> {
  const changed = [...new Set(ids)].flatMap((id) => {
    const row = certificateRow(parts, id)
    const tags = changedTags(row.name, row.tags, changes)
    return tags === row.tags ? [] : [{ row, tags: [...tags] }]
  })
  if (changed.length === 0) return { changed: [], effect: null }
  const { effect } = await commit(parts, () => ({
    record: changed.map(({ row, tags }) => annotated(parts, row, { note: row.note, tags, owner: row.owner })),
  }))
  return { changed: changed.map(({ row }) => row.id), effect }
}

/** Stores the notes of a person and returns the audit entry; inside a change. */
function annotated({ vault }: Core, row: CertificateRow, after: NotesOfRow): ChangeRecord {
  vault.certificates.annotate(row.id, after)
  const { note, tags, owner } = row
  return {
    action: 'certificate.annotate',
    subject: row.id,
    before: { note, tags, owner },
    after: { ...after },
  }
}

export async function setKept(
  parts: CertificateNeeds,
  id: string,
  kept: boolean,
): Promise<CertificateSummary> {
  const row = certificateRow(parts, id)
  await commit(parts, () => {
    parts.vault.certificates.setKept(row.id, kept)
    const unused = kept ? { erased: [], records: [] } : eraseIfUnused(parts, [id])
    return {
      record: [{ action: 'certificate.keep', subject: id, before: row.kept, after: kept }, ...unused.records],
    }
  })
  return (
    certificateViews(parts)(id) ??
    certificateSummary({ ...row, kept }, [], { now: parts.clock(), stapling: null, renewal: null })
  )
}

/**
 * Erases certificate and key.
 * @throws `certificate.in_use` if a domain is set to serve it
 */
export async function removeCertificate(
  parts: CertificateNeeds,
  id: string,
): Promise<{ name: string; rollbacks: string[] }> {
  const row = certificateRow(parts, id)
  const domains = parts.vault.domains.list()
  const using = domains.filter((domain) => domain.certificateId === id).map((domain) => domain.name)
  if (using.length > 0) throw new EdgekeepError('certificate.in_use', { name: row.name, domains: using })
  const rollbacks = domains.filter((domain) => domain.previousCertificateId === id).map(({ name }) => name)
  await commit(parts, () => {
    for (const name of rollbacks) parts.vault.domains.update(name, { previousCertificateId: null })
    parts.vault.certificates.remove(id)
    return { record: removal(row) }
  })
  return { name: row.name, rollbacks }
}

/**
 * Erases certificates, with their keys, that no domain serves or could roll back to and that are not kept. To
 * be called inside a change, after the domain released them.
 */
export function eraseIfUnused(
  { vault }: Core,
  ids: (string | null)[],
): { erased: CertificateRow[]; left: CertificateRow[]; records: ChangeRecord[] } {
  const rows = [...new Set(ids)].flatMap((id) => (id ? (vault.certificates.get(id) ?? []) : []))
  const { erased, left } = certificateFate(rows, holdersOf(vault, rows))
  for (const row of erased) vault.certificates.remove(row.id)
  return { erased, left, records: erased.map(removal) }
}

/** Domains that hold one of them; reading all domains would be slow with a thousand of them. */
function holdersOf({ certificates, domains }: Vault, rows: CertificateRow[]): DomainRow[] {
  const names = new Set(rows.flatMap(({ id }) => certificates.shownBy(id)))
  return [...names].flatMap((name) => domains.get(name) ?? [])
}

/** Certificates that a swap of `domains` to `nextId` would erase; null: one not in the vault yet. */
export function wouldErase({ vault }: Core, domains: string[], nextId: string | null): CertificateListing[] {
  const lists = { certificates: vault.certificates.list(), holders: vault.domains.list() }
  return fateAfterSwap(domains, nextId, lists).erased
}

/** Inside a change, after a swap: erases the released certificates, or keeps them if requested. */
export function releaseOld(
  parts: Core,
  ids: (string | null)[],
  keepOld: boolean,
): ReturnType<typeof eraseIfUnused> {
  if (!keepOld) return eraseIfUnused(parts, ids)
  const { vault } = parts
  const rows = [...new Set(ids)].flatMap((id) => (id ? (vault.certificates.get(id) ?? []) : []))
  const { erased: saved } = certificateFate(rows, holdersOf(vault, rows))
  for (const { id } of saved) vault.certificates.setKept(id, true)
  const records = saved.map(({ id }) => ({
    action: 'certificate.keep',
    subject: id,
    before: false,
    after: true,
  }))
  return { erased: [], left: rows, records }
}

function removal(row: CertificateRow): ChangeRecord {
  return { action: 'certificate.remove', subject: row.id, before: certificateFact(row), after: null }
}

export type ExportFormat = 'pem' | 'leaf' | 'der' | 'p7b'
export interface ExportedFile {
  fileName: string
  mediaType: string
  contentBase64: string
}

/** Public parts only. Media types: RFC 8555 section 9.1 (PEM chain), RFC 5280 section 4.2.1.13, RFC 5273. */
export function exportCertificate(parts: Core, id: string, format: ExportFormat): ExportedFile {
  const row = certificateRow(parts, id)
  const chain = chainFromPem(row.chainPem)
  const [leaf] = chain
  if (!leaf) throw new EdgekeepError('certificate.not_found', { reference: echoOf(id) })
  const stem = row.name.replaceAll('*', 'wildcard').replaceAll(/[^\w.-]+/g, '-')
  const content = {
    pem: () => ['pem', 'application/pem-certificate-chain', Buffer.from(row.chainPem)] as const,
    leaf: () => ['leaf.pem', 'application/x-pem-file', Buffer.from(toPem(leaf))] as const,
    der: () => ['cer', 'application/pkix-cert', Buffer.from(leaf)] as const,
    p7b: () => ['p7b', 'application/pkcs7-mime', Buffer.from(toP7b(chain))] as const,
  }
  const [ending, mediaType, bytes] = content[format]()
  return { fileName: `${stem}.${ending}`, mediaType, contentBase64: bytes.toString('base64') }
}
