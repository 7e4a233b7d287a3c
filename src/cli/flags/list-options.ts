import { formatNumber } from '../../contract/text/count.ts'
import { csvOf } from '../../domain/csv.ts'
import type { DomainFilter } from '../../contract/domains/domain-filters.ts'
import type { CertificateFilter } from '../../domain/list-filters.ts'
import type { Result } from '../frame/command.ts'
import { table } from '../output/format.ts'

/** Options of the lists of domains and certificates. */
export function listFlags<const Filter extends string, const Column extends string>({
  filters,
  columns,
}: {
  filters: readonly Filter[]
  columns: readonly [Column, ...Column[]]
}) {
  return {
    '--filter <filter>': { about: 'only those', choices: filters },
    '--tag <tag>': 'only those with this tag',
    '--sort <column>': { about: 'order; equal ones by name', choices: columns, default: columns[0] },
    '--csv': 'CSV, for a spreadsheet or the --file of another command',
  } as const
}

/** Number of things that pass each filter. */
export type FilterCounts = Partial<Record<DomainFilter | CertificateFilter, number>>

/** Lists of fewer are seen at a glance. */
const fewest = 8

/** `60 domains: 3 failing, 10 off.`; nothing for a short list. */
export function formatFilterCounts(what: string, total: number, counts: FilterCounts): string {
  const parts = Object.entries(counts).flatMap(([filter, number]) =>
    number > 0 ? [`${formatNumber(number)} ${filter}`] : [],
  )
  return total < fewest || parts.length === 0 ? '' : `${formatNumber(total)} ${what}: ${parts.join(', ')}.`
}

interface Listing {
  data: Result['data']
  header: string[]
  rows: string[][]
  /** Text for no rows. */
  none: string
  /** Line below the table. */
  counts: string
  csv: { header: readonly string[]; rows: string[][] } | null
}

export function listResult({ data, header, rows, none, counts, csv }: Listing): Result {
  if (csv) {
    const text = csvOf(csv.header, csv.rows)
    return { data: { csv: text }, text, isDocument: true }
  }
  const shown = table(header, rows, none)
  return { data, text: rows.length > 0 && counts !== '' ? `${shown}\n${counts}` : shown }
}
