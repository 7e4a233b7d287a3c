import { domainFilters } from '../../../../contract/domains/domain-filters.ts'
import type { CertificateSummary, Domain } from '../../../../contract/domains/domains.ts'
import { readyDomains } from '../../../../domain/bulk-plan.ts'
import { countByFilter, filtersOfDomain } from '../../../../domain/list-filters.ts'
import { compareNumbers, compareText, compareTimes, sortByKey } from '../../../../domain/compare.ts'
import { keepByRow, keepLast } from '../../../ui/derived.ts'
import { createListView } from '../../../ui/views/list-view.ts'
import type { SortFields } from '../../../ui/views/sort-head.tsx'
import { formatOrigin } from '../origins/origin-value.ts'
import { listPath } from '../paths.ts'
import { groupings, type Grouping } from './groups.ts'

/** `ready`: off, with a certificate for it in the vault. */
export const filters = ['all', ...domainFilters, 'ready'] as const
export type Filter = (typeof filters)[number]

export const columns = ['domain', 'origin', 'https', 'redirect', 'today', 'check'] as const
export type Column = (typeof columns)[number]

/** Choice and order of rows. */
export type DomainsView = SortFields<Column> & { filter: Filter; search: string; group: Grouping }

/** Facts besides the domains: the time, today's HTTPS requests by domain, and what could be on HTTPS. */
export interface ListFacts {
  now: Date
  today: ReadonlyMap<string, number>
  /** Domains with HTTPS off that a certificate of the vault covers. */
  ready: ReadonlySet<string>
}

export const domainsView = createListView<DomainsView>({
  page: listPath,
  whole: { filter: 'all', search: '', sort: 'domain', order: 'up', group: 'none' },
  values: { filter: filters, sort: columns, order: ['up', 'down'], group: groupings },
})

const filtersNow = keepByRow(filtersOfDomain)

function filtersOf(domain: Domain, { now, ready }: ListFacts): readonly Filter[] {
  return ['all', ...filtersNow(domain, now), ...(ready.has(domain.name) ? (['ready'] as const) : [])]
}

export function countDomains(domains: readonly Domain[], facts: ListFacts): Record<Filter, number> {
  return countByFilter(filters, domains, (domain) => filtersOf(domain, facts))
}

const last = '\uffff'

/** Order of a column, stable. */
const sorts: Record<Column, (domains: readonly Domain[], facts: ListFacts) => readonly Domain[]> = {
  domain: (domains) => domains,
  origin: (domains) => sortByKey(domains, ({ origin }) => formatOrigin(origin), compareText),
  https: (domains) => sortByKey(domains, endOf, compareTimes),
  redirect: (domains) => sortByKey(domains, redirectOf, compareText),
  today: (domains, { today }) => sortByKey(domains, ({ name }) => today.get(name) ?? 0, compareNumbers),
  check: (domains) => sortByKey(domains, ({ lastCheck }) => lastCheck?.at ?? '', compareTimes),
}

export const sortByName = keepLast((domains: readonly Domain[]) =>
  domains.toSorted((one, other) => compareText(one.displayName, other.displayName)),
)

/** Domains of `byName` that pass filter and search, sorted; equal ones by name. */
export function chooseDomains(
  byName: readonly Domain[],
  view: DomainsView,
  facts: ListFacts,
): readonly Domain[] {
  const wanted = view.search.trim().toLowerCase()
  const chosen = byName.filter(
    (each) =>
      (view.filter === 'all' || filtersOf(each, facts).includes(view.filter)) &&
      (wanted === '' || textOf(each).includes(wanted)),
  )
  const sorted = sorts[view.sort](chosen, facts)
  return view.order === 'down' ? sorted.toReversed() : sorted
}

/** `readyDomains`, also for a page that is opened again. */
export const readyOf = keepLast(
  (domains: readonly Domain[], certificates: readonly CertificateSummary[], now: Date) =>
    readyDomains(domains, { certificates, now }),
)

function textOf({ name, displayName, origin }: Domain): string {
  return `${name} ${displayName} ${formatOrigin(origin)}`.toLowerCase()
}

/** Without a certificate, after all that have one. */
function endOf({ https }: Domain): string {
  return https.certificate?.notAfter ?? last
}

function redirectOf({ redirect }: Domain): string {
  return redirect.mode === 'none' ? '' : `${redirect.mode} ${redirect.code}`
}
