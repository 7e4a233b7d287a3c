import type { CertificateSummary, Domain, Outage, ExpiryState } from '../../contract/domains/domains.ts'
import type { CertificateRenewal } from '../../contract/issuing/renewal.ts'
import type { Stapling } from '../../contract/issuing/stapling.ts'
import type { OriginState } from '../../contract/domains/origins.ts'
import { coveringName, hostNamesOf } from '../../domain/covered-names.ts'
import { isInLastThird, validityAt, type ValidityPeriod } from '../../domain/validity.ts'
import { readableName } from '../../contract/text/readable-name.ts'
import { coversDomain } from '../../pki/x509/host-names.ts'
import type { CertificateListing, DomainRow } from '../vault/vault.ts'
import type { EngineParts } from '../parts.ts'
import { renewalView } from '../renewal/schedule/renewal-state.ts'
import { shownPolicies } from './policy-passwords.ts'

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
    expiry: expiryState(row, now),
    covering,
    revoked: isRevoked(revokedAt, stapling),
    renewal,
  }
}

function isRevoked(revokedAt: string | null, stapling: Stapling | null): boolean | null {
  if (revokedAt !== null || stapling?.state === 'revoked') return true
  return stapling?.state === 'good' ? false : null
}

export function domainView(row: DomainRow, sources: ViewSources): Domain {
  const certificate = row.certificateId ? sources.summary(row.certificateId) : undefined
  const previous = row.previousCertificateId ? sources.summary(row.previousCertificateId) : undefined
  return {
    name: row.name,
    displayName: readableName(row.name),
    origin: row.origin,
    originStates: sources.originStates(row.name),
    https: {
      state: row.httpsState,
      outage: sources.outage(row.name),
      certificate: certificate ?? null,
      previousCertificate: previous ? { id: previous.id, name: previous.name } : null,
      nameCovered: certificate ? coversDomain(hostNamesOf(certificate), row.name) : null,
      stapling:
        row.httpsState === 'on' && row.certificateId && row.policies.tls.ocspStapling
          ? sources.stapling(row.certificateId)
          : null,
    },
    redirect: row.redirect,
    policies: shownPolicies(row.policies),
    lastCheck: row.lastCheck,
    createdAt: row.createdAt,
    updatedAt: row.updatedAt,
  }
}

export interface ViewSources {
  outage(domain: string): Outage | null
  originStates(domain: string): OriginState[]
  summary(id: string): CertificateSummary | undefined
  stapling(id: string): Stapling | null
}

/** Inputs of views besides their rows. Caches certificates, so that views of many rows read each one once. */
export function viewSources(parts: EngineParts): ViewSources {
  const { vault, clock, stapling, originStates, outages } = parts
  const now = clock()
  const accountName = accountNames(parts)
  const staplingOf = (id: string) => stapling?.state(id) ?? null
  const known = new Map<string, CertificateSummary | undefined>()
  function read(id: string): CertificateSummary | undefined {
    const row = vault.certificates.get(id)
    if (!row) return undefined
    const renewal = renewalView(row, vault.renewals.get(id), {
      now,
      locked: vault.protection.locked,
      accountName,
    })
    return certificateSummary(row, vault.certificates.usage(id), { now, stapling: staplingOf(id), renewal })
  }
  return {
    stapling: staplingOf,
    outage: (domain) => outages.get(domain) ?? null,
    originStates: (domain) => originStates.get(domain) ?? [],
    summary(id) {
      if (!known.has(id)) known.set(id, read(id))
      return known.get(id)
    },
  }
}

/** Renewal views of many certificates; reads the shared data once. */
export function renewalViews(
  parts: EngineParts,
  now: Date,
): (row: CertificateListing) => CertificateRenewal | null {
  const { vault } = parts
  const renewals = new Map(vault.renewals.list().map((row) => [row.certificateId, row]))
  const sources = { now, locked: vault.protection.locked, accountName: accountNames(parts) }
  return (row) => renewalView(row, renewals.get(row.id), sources)
}

function accountNames({ vault }: EngineParts): (id: string) => string | null {
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

function expiryState(period: ValidityPeriod, now: Date): ExpiryState {
  const validity = validityAt(period, now)
  if (validity !== 'valid') return validity
  if (!isInLastThird(period, now)) return 'ok'
  return Date.parse(period.notAfter) - now.getTime() > weekMs ? 'last-third' : 'last-week'
}
