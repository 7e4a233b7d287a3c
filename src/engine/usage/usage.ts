import { EdgekeepError } from '../../contract/errors/registry.ts'
import {
  usagePriceSchema,
  type UsageCounts,
  type UsagePrice,
  type UsageReport,
  type UsageStep,
} from '../../contract/usage/usage.ts'
import { countAt, noCounts, type CountName, type DomainUsage } from '../../edge/protocol/counts.ts'
import { quantileMs, type Latency } from '../../edge/protocol/latency.ts'
import { normaliseDomain } from '../../pki/x509/host-names.ts'
import { nextStep, stepsBack, stepStart } from './steps.ts'
import { addTo, type UsageRow } from './store.ts'
import { isUnchanged, settingsChanged } from '../core/edit-conflict.ts'
import { commit } from '../core/commit.ts'
import type { UsageNeeds } from './metering.ts'
import { usagePrice } from '../core/settings.ts'

export interface UsagePeriod {
  domain?: string
  from?: string
  to?: string
  step: UsageStep
}

/** Steps before the last one in a period without a start: a day, two weeks, a year. */
const defaultSteps = { minute: 24 * 60, hour: 14 * 24, day: 365 }
const mostSteps = 5_000

/** @throws `input.invalid` for a period that ends before it begins or has too many steps */
export function usageReport(parts: UsageNeeds, period: UsagePeriod): UsageReport {
  const { step } = period
  const { start, starts, end } = stepsOf(parts, period)
  const rows = rowsOf(parts, period, start, end)
  const byStart = sums(rows, ({ at }) => at.getTime())
  const byDomain = sums(rows, ({ domain }) => domain)
  const requests = ({ http, https }: UsageCounts) => http + https
  return {
    step,
    zone: new Intl.DateTimeFormat().resolvedOptions().timeZone,
    from: start.toISOString(),
    to: end.toISOString(),
    total: countsOf(sumOf(rows)),
    steps: starts.map((at) => ({
      at: at.toISOString(),
      ...countsOf(byStart.get(at.getTime()) ?? sumOf([])),
    })),
    domains: [...byDomain]
      .map(([domain, sum]) => ({ domain: domain || null, ...countsOf(sum) }))
      .toSorted((a, b) => requests(b) - requests(a)),
    price: usagePrice.read(parts.vault),
  }
}

/** CSV lines (RFC 4180) of every step and domain with counts. */
export function usageCsv(parts: UsageNeeds, period: UsagePeriod): string {
  const { start, end } = stepsOf(parts, period)
  const lines = rowsOf(parts, period, start, end).map((row) => {
    const counts = csvCounts.map((name) => row.counts[countAt[name]] ?? 0)
    const latency = csvQuantiles.map((share) => quantileMs(row.latency, share)?.toFixed(3) ?? '')
    // No quoting: domain names consist of letters, digits, dots, hyphens and an asterisk.
    return [row.at.toISOString(), row.domain, ...counts, ...latency].join(',')
  })
  return `${[csvHead, ...lines].join('\n')}\n`
}

/** @throws `settings.changed_meanwhile` if the price differs from `read` */
export async function setUsagePrice(
  parts: UsageNeeds,
  { price, read }: { price: UsagePrice | null; read?: UsagePrice | null },
): Promise<UsagePrice | null> {
  const subject = 'usage'
  await commit(parts, () => {
    const before = usagePrice.read(parts.vault)
    if (read !== undefined && !isUnchanged(usagePriceSchema.nullable(), read, before))
      throw settingsChanged(parts, { subject, of: 'charged requests', what: 'price' })
    usagePrice.store(parts.vault, price)
    return { record: { action: 'usage.price', subject, before, after: price } }
  })
  return price
}

/** Starts of a period's steps, with start and end of the period. */
function stepsOf(
  { clock }: UsageNeeds,
  { step, from, to }: UsagePeriod,
): { start: Date; starts: Date[]; end: Date } {
  const last = stepStart(step, to === undefined ? clock() : new Date(to))
  const start =
    from === undefined ? stepsBack(step, last, defaultSteps[step]) : stepStart(step, new Date(from))
  if (start > last) throw new EdgekeepError('input.invalid', { reason: 'The period ends before it begins.' })
  const starts: Date[] = []
  for (let at = start; at <= last; at = nextStep(step, at)) {
    if (starts.push(at) > mostSteps)
      throw new EdgekeepError('input.invalid', {
        reason: `The period has more than ${mostSteps} steps; take a shorter one, or longer steps.`,
      })
  }
  return { start, starts, end: nextStep(step, last) }
}

function rowsOf({ metering }: UsageNeeds, { step, domain }: UsagePeriod, from: Date, end: Date): UsageRow[] {
  metering.flush()
  return metering.store.rows(step, from, end, domain === undefined ? undefined : normaliseDomain(domain))
}

type Sum = Omit<DomainUsage, 'domain'>

function sumOf(rows: Sum[]): Sum {
  const sum: Sum = { counts: noCounts(), latency: new Map() }
  for (const row of rows) addTo(sum, row)
  return sum
}

function sums<K>(rows: UsageRow[], key: (row: UsageRow) => K): Map<K, Sum> {
  return new Map([...Map.groupBy(rows, key)].map(([name, group]) => [name, sumOf(group)]))
}

function countsOf({ counts, latency }: Sum): UsageCounts {
  const of = (name: CountName): number => counts[countAt[name]] ?? 0
  return {
    http: of('http'),
    https: of('https'),
    charged: of('charged'),
    redirected: of('redirected'),
    bytesIn: of('bytesIn'),
    bytesOut: of('bytesOut'),
    answers: {
      informational: of('answered1'),
      successful: of('answered2'),
      redirection: of('answered3'),
      clientError: of('answered4'),
      serverError: of('answered5'),
      none: of('answered0'),
    },
    tls: { tls12: of('tls12'), tls13: of('tls13') },
    versions: { http1: of('http1'), http2: of('http2') },
    handshakes: {
      full: of('handshakesFull'),
      resumed: of('handshakesResumed'),
      refused: of('handshakesRefused'),
    },
    latencyMs: quantilesOf(latency),
  }
}

function quantilesOf(latency: Latency): UsageCounts['latencyMs'] {
  const [p50, p90, p99] = [quantileMs(latency, 0.5), quantileMs(latency, 0.9), quantileMs(latency, 0.99)]
  return p50 === null || p90 === null || p99 === null ? null : { p50, p90, p99 }
}

const csvQuantiles = [0.5, 0.9, 0.99]
const csvColumns: [CountName, string][] = [
  ['http', 'http_requests'],
  ['https', 'https_requests'],
  ['charged', 'charged_requests'],
  ['redirected', 'redirected_to_https'],
  ['bytesIn', 'bytes_in'],
  ['bytesOut', 'bytes_out'],
  ['answered1', 'status_1xx'],
  ['answered2', 'status_2xx'],
  ['answered3', 'status_3xx'],
  ['answered4', 'status_4xx'],
  ['answered5', 'status_5xx'],
  ['answered0', 'unanswered'],
  ['tls12', 'tls_1_2'],
  ['tls13', 'tls_1_3'],
  ['http1', 'http_1'],
  ['http2', 'http_2'],
  ['handshakesFull', 'handshakes_full'],
  ['handshakesResumed', 'handshakes_resumed'],
  ['handshakesRefused', 'handshakes_refused'],
]
const csvCounts = csvColumns.map(([name]) => name)
const csvHead = [
  'from',
  'domain',
  ...csvColumns.map(([, title]) => title),
  'p50_ms',
  'p90_ms',
  'p99_ms',
].join()
