import { countAt, type CountName, type DomainUsage } from '../../edge/protocol/counts.ts'
import { isValidNow } from '../../domain/validity.ts'
import { bucketStart } from '../../edge/protocol/latency.ts'
import type { UsageNeeds } from './metering.ts'

interface Family {
  name: string
  help: string
  series: [labels: string, count: CountName][]
}

const families: Family[] = [
  {
    name: 'edgekeep_requests_total',
    help: 'Requests by scheme.',
    series: [
      ['scheme="http"', 'http'],
      ['scheme="https"', 'https'],
    ],
  },
  { name: 'edgekeep_charged_requests_total', help: 'Requests that are paid for.', series: [['', 'charged']] },
  {
    name: 'edgekeep_answers_total',
    help: 'Requests by the class of their answer; "none" were not answered.',
    series: [
      ['class="1xx"', 'answered1'],
      ['class="2xx"', 'answered2'],
      ['class="3xx"', 'answered3'],
      ['class="4xx"', 'answered4'],
      ['class="5xx"', 'answered5'],
      ['class="none"', 'answered0'],
    ],
  },
  {
    name: 'edgekeep_requests_by_version_total',
    help: 'Requests by version of HTTP.',
    series: [
      ['version="1"', 'http1'],
      ['version="2"', 'http2'],
    ],
  },
  {
    name: 'edgekeep_requests_by_tls_total',
    help: 'HTTPS requests by version of TLS.',
    series: [
      ['version="1.2"', 'tls12'],
      ['version="1.3"', 'tls13'],
    ],
  },
  {
    name: 'edgekeep_bytes_total',
    help: 'Heads and bodies of HTTP, from and to clients.',
    series: [
      ['direction="in"', 'bytesIn'],
      ['direction="out"', 'bytesOut'],
    ],
  },
  {
    name: 'edgekeep_handshakes_total',
    help: 'TLS handshakes by result.',
    series: [
      ['result="full"', 'handshakesFull'],
      ['result="resumed"', 'handshakesResumed'],
      ['result="refused"', 'handshakesRefused'],
    ],
  },
]

/** 2^n microseconds from 0.5 ms to 34 s: edges of recorded buckets, so that no count is estimated. */
const edgesMicroseconds = Array.from({ length: 17 }, (_, power) => 2 ** (power + 9))

/** Counters since this engine started and the validity of certificates, in Prometheus's text format 0.0.4. */
export function metricsText(parts: UsageNeeds): string {
  const { metering, startedAt, supervisor } = parts
  const { restarts, faults } = supervisor?.status() ?? { restarts: 0, faults: 0 }
  const all = [...metering.sinceStart.values()]
  return [
    '# HELP edgekeep_start_time_seconds When the engine started.',
    '# TYPE edgekeep_start_time_seconds gauge',
    `edgekeep_start_time_seconds ${startedAt.getTime() / 1000}`,
    '# HELP edgekeep_worker_deaths_total Edge processes that exited unexpectedly.',
    '# TYPE edgekeep_worker_deaths_total counter',
    `edgekeep_worker_deaths_total ${restarts}`,
    '# HELP edgekeep_faults_total What went wrong in the edge itself; each is in the log.',
    '# TYPE edgekeep_faults_total counter',
    `edgekeep_faults_total ${faults}`,
    '# HELP edgekeep_certificate_valid Whether the certificate of a domain with HTTPS on is valid now.',
    '# TYPE edgekeep_certificate_valid gauge',
    ...validityLines(parts),
    ...families.flatMap((family) => familyLines(family, all)),
    "# HELP edgekeep_answer_seconds From a request's head to the head of its answer.",
    '# TYPE edgekeep_answer_seconds histogram',
    ...all.flatMap(latencyLines),
    '',
  ].join('\n')
}

function validityLines({ vault, clock }: UsageNeeds): string[] {
  const now = clock()
  const periods = new Map(vault.certificates.list().map((row) => [row.id, row]))
  return vault.domains.list().flatMap(({ name, httpsState, certificateId }) => {
    const period = httpsState === 'on' ? periods.get(certificateId ?? '') : undefined
    return period ? [`edgekeep_certificate_valid{domain="${name}"} ${Number(isValidNow(period, now))}`] : []
  })
}

function familyLines({ name, help, series }: Family, all: DomainUsage[]): string[] {
  return [
    `# HELP ${name} ${help}`,
    `# TYPE ${name} counter`,
    ...all.flatMap(({ domain, counts }) =>
      series.map(([labels, count]) => {
        const own = labels === '' ? '' : `,${labels}`
        return `${name}{domain="${domain}"${own}} ${counts[countAt[count]] ?? 0}`
      }),
    ),
  ]
}

/** Sums the lower edges of the buckets, at most 6 % below the true sum. */
function latencyLines({ domain, latency }: DomainUsage): string[] {
  const name = 'edgekeep_answer_seconds'
  const sorted = [...latency].toSorted(([a], [b]) => a - b)
  let count = 0
  let at = 0
  const below = edgesMicroseconds.map((edge) => {
    for (let next = sorted[at]; next && bucketStart(next[0]) < edge; next = sorted[(at += 1)])
      count += next[1]
    return `${name}_bucket{domain="${domain}",le="${edge / 1e6}"} ${count}`
  })
  const total = sorted.reduce((sum, [, times]) => sum + times, 0)
  const seconds = sorted.reduce((sum, [bucket, times]) => sum + (bucketStart(bucket) * times) / 1e6, 0)
  return [
    ...below,
    `${name}_bucket{domain="${domain}",le="+Inf"} ${total}`,
    `${name}_sum{domain="${domain}"} ${seconds.toFixed(6)}`,
    `${name}_count{domain="${domain}"} ${total}`,
  ]
}
