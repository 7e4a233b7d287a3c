import type { CertificateSummary } from '../../../contract/domains/domains.ts'
import { readableName } from '../../../contract/text/readable-name.ts'
import { commonNameOf } from '../../../domain/certificate-title.ts'
import { compareText, compareTimes } from '../../../domain/compare.ts'
import { certificateFilters, passesCertificate } from '../../../domain/list-filters.ts'
import { createListView } from '../../ui/views/list-view.ts'
import type { SortFields } from '../../ui/views/sort-head.tsx'
import { listPath } from './paths.ts'

export const filters = ['all', ...certificateFilters] as const
export type Filter = (typeof filters)[number]

export const columns = ['name', 'issuer', 'tags', 'owner', 'use', 'expiry'] as const
export type Column = (typeof columns)[number]

/** Choice and order of rows; `tag` is empty for all. */
export type CertificatesView = SortFields<Column> & { filter: Filter; search: string; tag: string }

export const certificatesView = createListView<CertificatesView>({
  page: listPath,
  whole: { filter: 'all', search: '', tag: '', sort: 'expiry', order: 'up' },
  values: { filter: filters, sort: columns, order: ['up', 'down'] },
})

/** Inputs of the filters, beside the certificate. */
export interface Circumstances {
  now: Date
  /** Ids of certificates whose end concerns a person (`followedCertificates`). */
  followed: ReadonlySet<string>
  /** Columns that any certificate has a value for. */
  has: { tags: boolean; owner: boolean }
}

function passes(filter: Filter, certificate: CertificateSummary, given: Circumstances): boolean {
  return filter === 'all' || passesCertificate(filter, certificate, given)
}

export function columnsWithValues(certificates: readonly CertificateSummary[]): Circumstances['has'] {
  return {
    tags: certificates.some(({ tags }) => tags.length > 0),
    owner: certificates.some(({ owner }) => owner !== ''),
  }
}

export function countByFilter(
  certificates: readonly CertificateSummary[],
  given: Circumstances,
): Record<Filter, number> {
  const count = (filter: Filter) => certificates.filter((each) => passes(filter, each, given)).length
  return Object.fromEntries(filters.map((filter) => [filter, count(filter)])) as Record<Filter, number>
}

export function tagsOf(certificates: readonly CertificateSummary[]): string[] {
  const tags = new Set(certificates.flatMap((each) => each.tags))
  return [...tags].toSorted(compareText)
}

const compare: Record<Column, (one: CertificateSummary, other: CertificateSummary) => number> = {
  name: (one, other) => compareText(one.name, other.name),
  issuer: (one, other) => compareText(commonNameOf(one.issuer), commonNameOf(other.issuer)),
  tags: (one, other) => compareText(one.tags.join(' '), other.tags.join(' ')),
  owner: (one, other) => compareText(one.owner, other.owner),
  use: (one, other) => one.usedBy.length - other.usedBy.length,
  expiry: (one, other) => compareTimes(one.notAfter, other.notAfter),
}

/** Certificates that pass filter, tag and every word of the search, sorted; equal ones by expiry, then name. */
export function chooseCertificates(
  certificates: readonly CertificateSummary[],
  view: CertificatesView,
  given: Circumstances,
): CertificateSummary[] {
  const terms = view.search.toLowerCase().split(/\s+/).filter(Boolean)
  const sign = view.order === 'down' ? -1 : 1
  return certificates
    .filter((each) => passes(view.filter, each, given))
    .filter((each) => view.tag === '' || each.tags.includes(view.tag))
    .filter((each) => terms.length === 0 || containsAll(searchText(each), terms))
    .sort(
      (one, other) =>
        sign * (compare[view.sort](one, other) || compare.expiry(one, other) || compare.name(one, other)),
    )
}

function containsAll(text: string, terms: readonly string[]): boolean {
  return terms.every((term) => text.includes(term))
}

function searchText(certificate: CertificateSummary): string {
  const { name, title, issuer, fingerprintSha256, keyType, note } = certificate
  const { dnsNames, ipNames, usedBy, tags, owner } = certificate
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
    owner,
  ]
    .flat()
    .join('\n')
    .toLowerCase()
}
