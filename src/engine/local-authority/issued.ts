import { echoOf } from '../../domain/echo.ts'
import { EdgekeepError } from '../../contract/errors/registry.ts'
import {
  type Issued,
  type IssueInput,
  type KeyKind,
  revocationReasons,
  type RevocationReason,
} from '../../contract/issuing/issuing.ts'
import type { CertificateSummary } from '../../contract/domains/domains.ts'
import type { CertificateFacts } from '../../contract/inspect/certificate-facts.ts'
import type { PageInput } from '../../contract/shared/page.ts'
import { readableName } from '../../contract/text/readable-name.ts'
import { certificateInPem } from '../../pki/facts/certificate.ts'
import { formatKey } from '../../pki/facts/public-key.ts'
import type { CertificateRow, IssuedRow } from '../vault/vault.ts'
import { commit } from '../core/commit.ts'
import type { Core } from '../core/core.ts'
import type { IssuingNeeds } from './needs.ts'
import { acmeServerSerial } from '../core/settings.ts'
import { issueCertificate } from './issue.ts'

const hourMs = 3_600_000

/** A page of issued certificates, newest first. */
export function issuedCertificates(
  { vault }: IssuingNeeds,
  { limit, after }: PageInput,
): { issued: Issued[]; next: number | null } {
  const page = vault.issued.page({ limit, after })
  const next = page.length === limit ? (page.at(-1)?.place ?? null) : null
  return { issued: listed(vault, page).map(issuedView), next }
}

/** Hides the ACME server's own certificate, which the server replaces by itself. */
function listed<Row extends IssuedRow>(vault: Core['vault'], rows: Row[]): Row[] {
  const own = acmeServerSerial.read(vault)
  return rows.filter(({ serial }) => serial !== own)
}

/**
 * Revokes a certificate of the local authority; `dryRun` only checks whether it can.
 * @throws EdgekeepError `issue.not_local`, `issue.revoked_already`, `issue.key_gone`, `certificate.ambiguous`
 */
export async function revokeCertificate(
  parts: IssuingNeeds,
  { reference, reason, dryRun }: { reference: string; reason: RevocationReason; dryRun: boolean },
): Promise<Issued> {
  const row = findIssued(parts, reference)
  requireRevocable(parts, row)
  if (!dryRun) await revokeIssued(parts, row, reason)
  return issuedView(findIssued(parts, row.serial))
}

function requireRevocable({ vault }: IssuingNeeds, row: IssuedRow): void {
  if (row.revokedAt !== null)
    throw new EdgekeepError('issue.revoked_already', { name: row.title, at: row.revokedAt })
  if (!vault.authority.revokers().some(({ spkiSha256 }) => spkiSha256 === row.issuerSpkiSha256))
    throw new EdgekeepError('issue.key_gone', { name: row.title })
}

async function revokeIssued(parts: IssuingNeeds, row: IssuedRow, reason: RevocationReason): Promise<void> {
  const { vault, clock } = parts
  await commit(parts, () => {
    vault.issued.revoke(row.serial, clock(), revocationReasons[reason])
    const fact = { name: row.title, fingerprintSha256: row.fingerprintSha256 }
    const record = { action: 'issue.revoke', subject: row.serial, before: fact, after: { ...fact, reason } }
    return { record }
  })
  parts.publication.changed()
}

/**
 * Issues a certificate with the names, term and purposes of an issued one.
 * @throws `issue.key_elsewhere` if the old one is not in the vault
 */
export async function issueAgain(
  parts: IssuingNeeds,
  reference: string,
): Promise<{ old: CertificateRow; certificate: CertificateSummary }> {
  const issued = findIssued(parts, reference)
  const old = parts.vault.certificates.findByFingerprint(issued.fingerprintSha256)
  if (!old) throw new EdgekeepError('issue.key_elsewhere', { name: issued.title })
  return { old, certificate: await issueCertificate(parts, { ...shapeOf(factsOf(issued)), name: old.name }) }
}

function findIssued({ vault }: IssuingNeeds, reference: string): IssuedRow {
  const digits = reference.replaceAll(':', '').toLowerCase()
  const wanted = readableName(reference)
  const named = vault.certificates
    .list()
    .filter(({ id, name }) => id === reference || readableName(name) === wanted)
    .map(({ fingerprintSha256 }) => fingerprintSha256)
  const all = listed(vault, vault.issued.list())
  const bySerial = vault.issued.get(digits)
  const exact = bySerial
    ? [bySerial]
    : all.filter(({ fingerprintSha256 }) => named.includes(fingerprintSha256))
  const byStart = /^[0-9a-f]{4,}$/.test(digits)
    ? all.filter(({ fingerprintSha256 }) => fingerprintSha256.startsWith(digits))
    : []
  const byTitle = all.filter(({ title }) => readableName(title) === wanted)
  const found = [exact, byStart, byTitle].find(({ length }) => length > 0) ?? []
  const [only, ...others] = found
  if (!only) throw new EdgekeepError('issue.not_local', { name: echoOf(reference) })
  if (others.length === 0) return only
  const candidates = found.map(({ title, serial }) => `${title} (${serial})`)
  throw new EdgekeepError('certificate.ambiguous', { reference: echoOf(reference), candidates })
}

function issuedView(row: IssuedRow): Issued {
  const facts = factsOf(row)
  const { dns, ip, email } = facts.names
  return {
    serialHex: row.serial,
    title: readableName(row.title),
    names: [...dns, ...ip, ...email],
    source: row.source,
    usage: usageOf(facts),
    keyType: formatKey(facts.publicKey),
    fingerprintSha256: row.fingerprintSha256,
    issuedAt: row.issuedAt,
    notBefore: facts.notBefore,
    notAfter: facts.notAfter,
    revoked: row.revokedAt === null ? null : { at: row.revokedAt, reason: reasonOf(row.revocationReason) },
  }
}

function reasonOf(code: number | null): RevocationReason {
  const [reason] = Object.entries(revocationReasons).find(([, number]) => number === code) ?? []
  return (reason as RevocationReason | undefined) ?? 'unspecified'
}

function factsOf({ certificatePem }: IssuedRow): CertificateFacts {
  return certificateInPem(certificatePem).facts
}

/** Input for a certificate like a stored one; not for certificates of TLS clients only. */
export function shapeOf(facts: CertificateFacts): Omit<IssueInput, 'name'> {
  const { dns, ip, email } = facts.names
  return {
    names: [...dns, ...ip, ...email],
    usage: usageOf(facts) === 'both' ? 'both' : 'server',
    key: keyKindOf(facts),
    lifeHours: lifeHoursOf(facts),
  }
}

function usageOf({ extendedKeyUsage }: CertificateFacts): Issued['usage'] {
  const isFor = (who: string) => extendedKeyUsage.includes(`TLS ${who} authentication`)
  if (isFor('server')) return isFor('client') ? 'both' : 'server'
  return 'client'
}

function keyKindOf({ publicKey: { curve, bits } }: CertificateFacts): KeyKind {
  if (curve !== undefined) return curve === 'P-384' ? 'p384' : 'p256'
  return bits === 4096 ? 'rsa4096' : bits === 3072 ? 'rsa3072' : 'rsa2048'
}

/** Requested lifetime, without the backdating. */
function lifeHoursOf({ notBefore, notAfter }: CertificateFacts): number {
  const hours = Math.round((new Date(notAfter).getTime() - new Date(notBefore).getTime()) / hourMs)
  return Math.min(Math.max(hours - 1, 1), 397 * 24)
}
