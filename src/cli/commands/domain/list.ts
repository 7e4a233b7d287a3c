import { type OptionsOf, facts } from '../../frame/declare.ts'
import { domainFilters } from '../../../contract/domains/domain-filters.ts'
import type { Domain } from '../../../contract/domains/domains.ts'
import { listDomains } from '../../../client/domains.ts'
import { sentences } from '../../../contract/text/sentences.ts'
import { countByFilter, filtersOfDomain } from '../../../domain/list-filters.ts'
import { formatOrigin } from '../../../domain/origin-text.ts'
import { verificationState } from '../../../domain/verification-state.ts'
import { compareText, compareTimes, sortByKey } from '../../../domain/compare.ts'
import { firstDomain } from '../../output/command-for-home.ts'
import type { Result, Session } from '../../frame/command.ts'
import { formatHttps, formatRedirect } from '../../output/format.ts'
import { formatFilterCounts, listResult, listFlags } from '../../flags/list-options.ts'

const columns = ['name', 'origin', 'expiry', 'check'] as const
type Column = (typeof columns)[number]

const listing = listFlags({ filters: domainFilters, columns })

export const domainListCommand = facts('list', {
  about: 'List the domains.',
  flags: listing,
  examples: [
    'domain list',
    'domain list --filter failing --sort check',
    'domain list --filter off --csv | edgekeep https on -',
  ],
  run: list,
})

/** Domains without a certificate are last. */
const last = '\uffff'
const endOf = ({ https }: Domain) => https.certificate?.notAfter ?? last

/** Stable orders of domains by name. */
const sorts: Record<Column, (domains: Domain[]) => Domain[]> = {
  name: (domains) => domains,
  origin: (domains) => sortByKey(domains, ({ origin }) => formatOrigin(origin), compareText),
  expiry: (domains) => sortByKey(domains, endOf, compareTimes),
  check: (domains) => sortByKey(domains, ({ lastCheck }) => lastCheck?.at ?? '', compareTimes),
}

async function list({ client, global }: Session, options: OptionsOf<typeof listing>): Promise<Result> {
  const { filter, tag, sort, csv } = options
  const all = await listDomains(client)
  const now = new Date()
  const filtersOf = (domain: Domain) => filtersOfDomain(domain, now)
  // The engine lists them by name.
  const chosen = all
    .filter((domain) => filter === undefined || filtersOf(domain).includes(filter))
    .filter(({ tags }) => tag === undefined || tags.includes(tag))
  const domains = sorts[sort](chosen)
  const counts = countByFilter(domainFilters, all, filtersOf)
  return listResult({
    data: { domains, counts },
    header: ['DOMAIN', 'ORIGIN', 'HTTPS', 'REDIRECT', 'TAGS'],
    rows: csv ? [] : domains.map(cells),
    none:
      all.length === 0
        ? `${sentences.noDomains} ${firstDomain(global)}`
        : tag === undefined
          ? 'No domain is among them.'
          : `No domain has the tag "${tag}".`,
    counts: formatFilterCounts('domains', all.length, counts),
    csv: csv ? { header: csvHeader, rows: domains.map((domain) => csvCells(domain, now)) } : null,
  })
}

function cells(domain: Domain): string[] {
  const { displayName, origin, tags } = domain
  return [displayName, formatOrigin(origin), formatHttps(domain), formatRedirect(domain), tags.join(', ')]
}

/** `domain add --file` reads name, origin, certificate and tags. */
const csvHeader = ['name', 'origin', 'https', 'certificate', 'expires', 'redirect', 'tags', 'verified']

function csvCells(domain: Domain, now: Date): string[] {
  const { displayName, origin, https, tags } = domain
  const { state, certificate } = https
  return [
    ...[displayName, formatOrigin(origin), state],
    ...[certificate?.name ?? '', certificate?.notAfter ?? ''],
    ...[formatRedirect(domain), tags.join(' '), verificationState(domain, now)],
  ]
}
