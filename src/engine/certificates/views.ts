import type { CertificateSummary, ExpiryState, ServedCertificate } from '../../contract/domains/domains.ts'
import type { CertificateRenewal } from '../../contract/issuing/renewal.ts'
import type { Stapling } from '../../contract/issuing/stapling.ts'
import { coveringName, hostNamesOf } from '../../domain/covered-names.ts'
import { expiryAt, type Expirable } from '../../domain/expiry.ts'
import { readableName } from '../../contract/text/readable-name.ts'
import type { CertificateListing, DomainRow } from '../vault/vault.ts'
import type { Core } from '../core/core.ts'
import { publishRows } from '../core/live.ts'
import type { CertificateNeeds } from './needs.ts'
import { renewalView } from '../renewal-schedule/renewal-state.ts'

/**
 * Converts rows of the vault to the contract's form. `usedBy` lists the domains that a certificate serves.
 */
export function certificateSummary(
  { revokedAt, ...row }: CertificateListing,
  usedBy: string[],
  { now, stapling, renewal }: { now: Date; stapling: Stapling | null; renewal: CertificateRenewal | null },
): CertificateSummary {
  const names = hostNamesOf(row)
  const covering = usedBy.every((domain) => coveringName(names, domain) !== undefined)
  return {
    ...row,
    name: readableName(row.name),
    title: readableName(row.title),
    usedBy,
    expiry: expiryState({ ...row, renewal }, now),
    covering,
    revoked: isRevoked(revokedAt, stapling),
    renewal,
  }
}

function isRevoked(revokedAt: string | null, stapling: Stapling | null): boolean | null {
  if (revokedAt !== null || stapling?.state === 'revoked') return true
  return stapling?.state === 'good' ? false : null
}

/** Reader of certificates' views; reads each certificate once. */
export function certificateViews(parts: CertificateNeeds): (id: string) => CertificateSummary | undefined {
  const { vault, clock } = parts
  const now = clock()
  const accountName = accountNames(parts)
  const known = new Map<string, CertificateSummary | undefined>()
  function read(id: string): CertificateSummary | undefined {
    const row = vault.certificates.get(id)
    if (!row) return undefined
    const renewal = renewalView(row, vault.renewals.get(id), {
      now,
      locked: vault.protection.locked,
      accountName,
    })
    const stapling = parts.stapling?.state(id) ?? null
    return certificateSummary(row, vault.certificates.usage(id), { now, stapling, renewal })
  }
  return (id) => {
    if (!known.has(id)) known.set(id, read(id))
    return known.get(id)
  }
}

/** Reader of served certificates for a long list of domains; reads all rows at once. */
export function servedCertificates(parts: CertificateNeeds): (id: string) => ServedCertificate | undefined {
  const { vault, clock, stapling } = parts
  const now = clock()
  const renewals = renewalViews(parts, now)
  const rows = new Map(vault.certificates.list().map((row) => [row.id, row]))
  const known = new Map<string, ServedCertificate>()
  return (id) => {
    const row = rows.get(id)
    if (!row || known.has(id)) return known.get(id)
    const facts = { now, stapling: stapling?.state(id) ?? null, renewal: renewals(row) }
    const { usedBy: _usedBy, covering: _covering, ...served } = certificateSummary(row, [], facts)
    known.set(id, served)
    return served
  }
}

/** Publishes the views of changed certificates to subscribers. */
export function publishCertificates(parts: CertificateNeeds): void {
  const { rowsShown, certificates } = parts.topics
  rowsShown.follow((rows) => {
    publishRows(
      certificates,
      new Set([...rows.certificates, ...rows.usedCertificates]),
      certificateViews(parts),
    )
  })
}

/** Renewal views of many certificates; reads the shared data once. */
export function renewalViews(parts: Core, now: Date): (row: CertificateListing) => CertificateRenewal | null {
  const { vault } = parts
  const renewals = new Map(vault.renewals.list().map((row) => [row.certificateId, row]))
  const sources = { now, locked: vault.protection.locked, accountName: accountNames(parts) }
  return (row) => renewalView(row, renewals.get(row.id), sources)
}

function accountNames({ vault }: Core): (id: string) => string | null {
  let names: Map<string, string> | null = null
  return (id) => {
    names ??= new Map(vault.acmeAccounts.list().map((row) => [row.id, row.name]))
    return names.get(id) ?? null
  }
}

export function usageByCertificate(domains: DomainRow[]): Map<string, string[]> {
  const usage = new Map<string, string[]>()
  for (const { name, certificateId } of domains) {
    if (!certificateId) continue
    const names = usage.get(certificateId)
    if (names) names.push(name)
    else usage.set(certificateId, [name])
  }
  return usage
}

const weekMs = 7 * 24 * 60 * 60 * 1000

function expiryState(certificate: Expirable, now: Date): ExpiryState {
  const expiry = expiryAt(certificate, now)
  if (expiry === 'valid') return 'ok'
  const isLastWeek = Date.parse(certificate.notAfter) - now.getTime() <= weekMs
  return expiry === 'expiring' && isLastWeek ? 'last-week' : expiry
}
