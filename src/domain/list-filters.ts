import type { CertificateSummary, Domain } from '../contract/domains/domains.ts'
import { expiryAt } from './expiry.ts'
import { originHealth } from './origin-health.ts'
import { verificationState } from './verification-state.ts'

/**
 * `expiring`, `expired`: its certificate, by the rule of `certificateFilters`. `changed`: since its last
 * verification. `origin-down`: by its answers or its health check.
 */
export const domainFilters = [
  'failing',
  'expiring',
  'expired',
  'off',
  'paused',
  'changed',
  'origin-down',
] as const
export type DomainFilter = (typeof domainFilters)[number]

export function passesDomain(filter: DomainFilter, domain: Domain, now: Date): boolean {
  const { https, originStates } = domain
  switch (filter) {
    case 'failing':
      return ['failed', 'down'].includes(verificationState(domain, now))
    case 'expiring':
    case 'expired':
      return https.certificate !== null && expiryAt(https.certificate, now) === filter
    case 'off':
    case 'paused':
      return https.state === filter
    case 'changed':
      return verificationState(domain, now) === 'changed'
    case 'origin-down':
      return ['partly', 'down'].includes(originHealth(originStates))
  }
}

/**
 * `expiring`: by `expiryAt`, so not `expired` yet, among those whose end concerns a person. `mismatched`: used by
 * a domain that it does not cover. `free`: issued by the local authority.
 */
export const certificateFilters = ['expiring', 'expired', 'revoked', 'unused', 'mismatched', 'free'] as const
export type CertificateFilter = (typeof certificateFilters)[number]

/** `followed`: ids of the certificates whose end concerns a person (`followedIds`). */
export function passesCertificate(
  filter: CertificateFilter,
  certificate: CertificateSummary,
  { now, followed }: { now: Date; followed: ReadonlySet<string> },
): boolean {
  switch (filter) {
    case 'expiring':
      return followed.has(certificate.id) && expiryAt(certificate, now) === filter
    case 'expired':
      return expiryAt(certificate, now) === filter
    case 'revoked':
      return certificate.revoked === true
    case 'unused':
      return certificate.usedBy.length === 0
    case 'mismatched':
      return !certificate.covering
    case 'free':
      return certificate.kind === 'free'
  }
}
