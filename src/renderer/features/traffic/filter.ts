import { readableText } from '../../../contract/text/readable-name.ts'
import type { TrafficRow } from '../../../contract/traffic/traffic.ts'
import { createListView } from '../../ui/views/list-view.ts'

export const kinds = ['all', 'https', 'http', 'refused'] as const
export type Kind = (typeof kinds)[number]
/** `failed`: no response, or an incomplete one. */
export const outcomes = ['1', '2', '3', '4', '5', 'failed'] as const
export type Outcome = (typeof outcomes)[number]

export type TrafficFilter = {
  kind: Kind
  /** Empty for all. */
  domain: string
  method: string
  outcome: Outcome | ''
  search: string
}

/** Filters of the list. Never contains masked values. */
export const trafficView = createListView<TrafficFilter>({
  page: '/traffic',
  whole: { kind: 'all', domain: '', method: '', outcome: '', search: '' },
  values: { kind: kinds, outcome: ['', ...outcomes] },
})

/** Filtered rows, newest first. */
export function chooseRows(rows: readonly TrafficRow[], filter: TrafficFilter): TrafficRow[] {
  const search = filter.search.trim().toLowerCase()
  const chosen: TrafficRow[] = []
  for (const row of rows.toReversed()) {
    if (passes(row, filter) && (search === '' || textOf(row).includes(search))) chosen.push(row)
  }
  return chosen
}

function passes(row: TrafficRow, { kind, domain, method, outcome }: TrafficFilter): boolean {
  if (domain !== '' && row.domain !== domain) return false
  if (row.kind === 'refused') return (kind === 'all' || kind === 'refused') && method === '' && outcome === ''
  if (kind === 'refused') return false
  if (kind !== 'all' && !row.url.startsWith(`${kind}:`)) return false
  if (method !== '' && row.method !== method) return false
  return outcome === '' || outcomeOf(row.status, row.error) === outcome
}

/** Status class, or `failed` if the client got no complete response. */
function outcomeOf(status: number | null, error: string | null): Outcome {
  const isWhole = status !== null && (error === null || status >= 400)
  return isWhole ? (String(Math.floor(status / 100)) as Outcome) : 'failed'
}

function textOf(row: TrafficRow): string {
  const text =
    row.kind === 'refused'
      ? `${row.serverName ?? ''} ${row.reason} ${row.clientAddress}`
      : `${row.method} ${row.url} ${row.status ?? ''} ${row.error ?? ''} ${row.redirectedTo ?? ''} ${row.clientAddress}`
  return `${text} ${readableText(text)}`.toLowerCase()
}

/** Available filter values, unique and sorted. */
export interface Choices {
  domains: string[]
  methods: string[]
}

export function choicesIn(rows: readonly TrafficRow[]): Choices {
  const domains = new Set<string>()
  const methods = new Set<string>()
  for (const row of rows) {
    if (row.domain !== null) domains.add(row.domain)
    if (row.kind === 'exchange' && row.method !== '') methods.add(row.method)
  }
  return { domains: [...domains].toSorted(), methods: [...methods].toSorted() }
}
