import type { CertificateSummary } from '../../../contract/domains/domains.ts'
import { readableName } from '../../../contract/text/readable-name.ts'
import { commonNameOf } from '../../../domain/certificate-title.ts'
import { compareNumbers, compareText, compareTimes, sortByKey } from '../../../domain/compare.ts'
import { followedIds } from '../../../domain/followed-certificates.ts'
import { certificateFilters, countByFilter, filtersOfCertificate } from '../../../domain/list-filters.ts'
import { keepByRow, keepLast } from '../../ui/derived.ts'
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
  /** Whether its end concerns a person (`followedCertificates`). */
  isFollowed: (id: string) => boolean
  /** Columns that any certificate has a value for. */
  has: { tags: boolean; owner: boolean }
}

const filtersNow = keepByRow(filtersOfCertificate)

const followedOf = keepLast(followedIds)

/** Lists all certificates only once a filter or its count asks who is followed. */
export const circumstancesOf = keepLast(
  (certificates: readonly CertificateSummary[], now: Date): Circumstances => ({
    now,
    isFollowed: (id) => followedOf(certificates).has(id),
    has: columnsWithValues(certificates),
  }),
)

function filtersOf(certificate: CertificateSummary, given: Circumstances): readonly Filter[] {
  return ['all', ...filtersNow(certificate, given)]
}

function columnsWithValues(certificates: readonly CertificateSummary[]): Circumstances['has'] {
  return {
    tags: certificates.some(({ tags }) => tags.length > 0),
    owner: certificates.some(({ owner }) => owner !== ''),
  }
}

export function countCertificates(
  certificates: readonly CertificateSummary[],
  given: Circumstances,
): Record<Filter, number> {
  return countByFilter(filters, certificates, (each) => filtersOf(each, given))
}

/** Order of a column, stable. */
const sorts: Record<Column, (certificates: readonly CertificateSummary[]) => readonly CertificateSummary[]> =
  {
    name: (all) => sortByKey(all, ({ name }) => name, compareText),
    issuer: (all) => sortByKey(all, ({ issuer }) => commonNameOf(issuer), compareText),
    tags: (all) => sortByKey(all, ({ tags }) => tags.join(' '), compareText),
    owner: (all) => sortByKey(all, ({ owner }) => owner, compareText),
    use: (all) => sortByKey(all, ({ usedBy }) => usedBy.length, compareNumbers),
    expiry: (all) => all,
  }

/** Equal ones by name. */
export const sortByExpiry = keepLast((certificates: readonly CertificateSummary[]) => {
  const byName = certificates.toSorted((one, other) => compareText(one.name, other.name))
  return byName.sort((one, other) => compareTimes(one.notAfter, other.notAfter))
})

/** Certificates of `byExpiry` that pass filter, tag and every word of the search, sorted; equal ones by expiry. */
export function chooseCertificates(
  byExpiry: readonly CertificateSummary[],
  view: CertificatesView,
  given: Circumstances,
): readonly CertificateSummary[] {
  const terms = view.search.toLowerCase().split(/\s+/).filter(Boolean)
  const chosen = byExpiry
    .filter((each) => view.filter === 'all' || filtersOf(each, given).includes(view.filter))
    .filter((each) => view.tag === '' || each.tags.includes(view.tag))
    .filter((each) => terms.length === 0 || containsAll(searchText(each), terms))
  const sorted = sorts[view.sort](chosen)
  return view.order === 'down' ? sorted.toReversed() : sorted
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
