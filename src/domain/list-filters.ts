import { type DomainFilter, domainFilters } from '../contract/domains/domain-filters.ts'
import type { CertificateSummary, Domain } from '../contract/domains/domains.ts'
import { expiryAt } from './expiry.ts'
import { originHealth } from './origin-health.ts'
import { verificationState } from './verification-state.ts'

export function filtersOfDomain(domain: Domain, now: Date): DomainFilter[] {
  const { https, originStates } = domain
  const verification = verificationState(domain, now)
  const expiry = https.certificate && expiryAt(https.certificate, now)
  const shows: Record<DomainFilter, boolean> = {
    failing: verification === 'failed' || verification === 'down',
    expiring: expiry === 'expiring',
    expired: expiry === 'expired',
    off: https.state === 'off',
    paused: https.state === 'paused',
    changed: verification === 'changed',
    'origin-down': ['partly', 'down'].includes(originHealth(originStates)),
  }
  return domainFilters.filter((filter) => shows[filter])
}

/**
 * `expiring`: by `expiryAt`, so not `expired` yet, among those whose end concerns a person. `mismatched`: used by
 * a domain that it does not cover. `free`: issued by the local authority.
 */
export const certificateFilters = ['expiring', 'expired', 'revoked', 'unused', 'mismatched', 'free'] as const
export type CertificateFilter = (typeof certificateFilters)[number]

/** Filters that show the certificate. `isFollowed`: whether its end concerns a person (`followedIds`). */
export function filtersOfCertificate(
  certificate: CertificateSummary,
  { now, isFollowed }: { now: Date; isFollowed: (id: string) => boolean },
): CertificateFilter[] {
  const expiry = expiryAt(certificate, now)
  const shows: Record<CertificateFilter, boolean> = {
    expiring: expiry === 'expiring' && isFollowed(certificate.id),
    expired: expiry === 'expired',
    revoked: certificate.revoked === true,
    unused: certificate.usedBy.length === 0,
    mismatched: !certificate.covering,
    free: certificate.kind === 'free',
  }
  return certificateFilters.filter((filter) => shows[filter])
}

export function countByFilter<Filter extends string, Row>(
  filters: readonly Filter[],
  rows: readonly Row[],
  filtersOf: (row: Row) => readonly Filter[],
): Record<Filter, number> {
  const counts = Object.fromEntries(filters.map((filter) => [filter, 0])) as Record<Filter, number>
  for (const row of rows) for (const filter of filtersOf(row)) counts[filter] += 1
  return counts
}
