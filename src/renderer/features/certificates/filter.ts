import type { CertificateSummary } from '../../../contract/domains.ts'
import { validityPhase } from '../../ui/times.ts'

/** `expiring`: in the last third of its life. `free`: issued by the local authority. */
export const filters = ['all', 'expiring', 'expired', 'unused', 'free'] as const
export type Filter = (typeof filters)[number]

const passes: Record<Filter, (certificate: CertificateSummary, now: Date) => boolean> = {
  all: () => true,
  expiring: (certificate, now) => phaseOf(certificate, now) === 'ending',
  expired: (certificate, now) => phaseOf(certificate, now) === 'expired',
  unused: (certificate) => certificate.usedBy.length === 0,
  free: (certificate) => certificate.kind === 'free',
}

function phaseOf(certificate: CertificateSummary, now: Date) {
  return validityPhase(certificate.notBefore, certificate.notAfter, now)
}

/** How many certificates each filter would show. */
export function countByFilter(
  certificates: readonly CertificateSummary[],
  now: Date,
): Record<Filter, number> {
  const count = (filter: Filter) => certificates.filter((each) => passes[filter](each, now)).length
  return {
    all: certificates.length,
    expiring: count('expiring'),
    expired: count('expired'),
    unused: count('unused'),
    free: count('free'),
  }
}

/** Those that pass `filter` and hold every word of `search`, the soonest to expire first. */
export function chooseCertificates(
  certificates: readonly CertificateSummary[],
  o: { filter: Filter; search: string; now: Date },
): CertificateSummary[] {
  const words = o.search.toLowerCase().split(/\s+/).filter(Boolean)
  return certificates
    .filter((each) => passes[o.filter](each, o.now))
    .filter((each) => words.every((word) => searchText(each).includes(word)))
    .sort((one, other) => one.notAfter.localeCompare(other.notAfter) || one.name.localeCompare(other.name))
}

function searchText(certificate: CertificateSummary): string {
  const { name, title, issuer, dnsNames, ipNames, usedBy, fingerprintSha256, keyType } = certificate
  return [name, title, issuer, keyType, fingerprintSha256, ...dnsNames, ...ipNames, ...usedBy]
    .join('\n')
    .toLowerCase()
}
