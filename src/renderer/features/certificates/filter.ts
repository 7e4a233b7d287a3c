import type { CertificateSummary, Domain } from '../../../contract/domains/domains.ts'
import { readableName } from '../../../contract/text/readable-name.ts'
import { expiryAt } from '../../../domain/expiry.ts'
import { compareText, compareTimes } from '../../ui/lists/compare.ts'

/**
 * `expiring`: as `expiryAt` has it. `mismatched`: serves a domain that it does not cover.
 * `free`: issued by the local authority.
 */
export const filters = ['all', 'expiring', 'expired', 'unused', 'mismatched', 'free'] as const
export type Filter = (typeof filters)[number]

/** Inputs of the filters: the time, and the ids of certificates that serve a domain they do not cover. */
export interface Circumstances {
  now: Date
  mismatched: ReadonlySet<string>
}

const passes: Record<Filter, (certificate: CertificateSummary, given: Circumstances) => boolean> = {
  all: () => true,
  expiring: (certificate, { now }) => expiryAt(certificate, now) === 'expiring',
  expired: (certificate, { now }) => expiryAt(certificate, now) === 'expired',
  unused: (certificate) => certificate.usedBy.length === 0,
  mismatched: (certificate, { mismatched }) => mismatched.has(certificate.id),
  free: (certificate) => certificate.kind === 'free',
}

export function mismatchedIds(domains: readonly Domain[]): Set<string> {
  return new Set(
    domains.flatMap(({ https }) =>
      https.certificate && https.nameCovered?.ok === false ? [https.certificate.id] : [],
    ),
  )
}

export function countByFilter(
  certificates: readonly CertificateSummary[],
  given: Circumstances,
): Record<Filter, number> {
  const count = (filter: Filter) => certificates.filter((each) => passes[filter](each, given)).length
  return {
    all: certificates.length,
    expiring: count('expiring'),
    expired: count('expired'),
    unused: count('unused'),
    mismatched: count('mismatched'),
    free: count('free'),
  }
}

export function tagsOf(certificates: readonly CertificateSummary[]): string[] {
  const tags = new Set(certificates.flatMap((each) => each.tags))
  return [...tags].toSorted(compareText)
}

/** Filters certificates by kind, tag and every word of `search`, sorted by expiry. */
export function chooseCertificates(
  certificates: readonly CertificateSummary[],
  by: { filter: Filter; search: string; tag: string | null },
  given: Circumstances,
): CertificateSummary[] {
  const terms = by.search.toLowerCase().split(/\s+/).filter(Boolean)
  return certificates
    .filter((each) => passes[by.filter](each, given))
    .filter((each) => by.tag === null || each.tags.includes(by.tag))
    .filter((each) => terms.every((word) => searchText(each).includes(word)))
    .sort((one, other) => compareTimes(one.notAfter, other.notAfter) || compareText(one.name, other.name))
}

function searchText(certificate: CertificateSummary): string {
  const { name, title, issuer, fingerprintSha256, keyType, note } = certificate
  const { dnsNames, ipNames, usedBy, tags } = certificate
  return [
    name,
    title,
    issuer,
    keyType,
    fingerprintSha256,
    note,
    dnsNames,
    dnsNames.map(readableName),
    ipNames,
    usedBy,
    tags,
  ]
    .flat()
    .join('\n')
    .toLowerCase()
}
