import type { Domain } from '../../../../contract/domains/domains.ts'
import { domainFilters, passesDomain } from '../../../../domain/list-filters.ts'
import { compareText, compareTimes } from '../../../../domain/compare.ts'
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

function passes(filter: Filter, domain: Domain, { now, ready }: ListFacts): boolean {
  if (filter === 'all') return true
  return filter === 'ready' ? ready.has(domain.name) : passesDomain(filter, domain, now)
}

export function countByFilter(domains: readonly Domain[], facts: ListFacts): Record<Filter, number> {
  const count = (filter: Filter) =>
    domains.reduce((sum, each) => sum + Number(passes(filter, each, facts)), 0)
  return Object.fromEntries(filters.map((filter) => [filter, count(filter)])) as Record<Filter, number>
}

const last = '\uffff'

const compare: Record<Column, (one: Domain, other: Domain, facts: ListFacts) => number> = {
  domain: () => 0,
  origin: (one, other) => compareText(formatOrigin(one.origin), formatOrigin(other.origin)),
  https: (one, other) => compareTimes(endOf(one), endOf(other)),
  redirect: (one, other) => compareText(redirectOf(one), redirectOf(other)),
  today: (one, other, { today }) => (today.get(one.name) ?? 0) - (today.get(other.name) ?? 0),
  check: (one, other) => compareTimes(one.lastCheck?.at ?? '', other.lastCheck?.at ?? ''),
}

/** Domains that pass filter and search, sorted; equal ones by name. */
export function chooseDomains(domains: readonly Domain[], view: DomainsView, facts: ListFacts): Domain[] {
  const wanted = view.search.trim().toLowerCase()
  const sign = view.order === 'down' ? -1 : 1
  return domains
    .filter((each) => passes(view.filter, each, facts) && (wanted === '' || textOf(each).includes(wanted)))
    .sort(
      (one, other) =>
        sign * (compare[view.sort](one, other, facts) || compareText(one.displayName, other.displayName)),
    )
}

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
