import type { Latency } from './latency.ts'

/** Counters of each domain; lists of counts have this order. */
export const countNames = [
  /** Requests over plain HTTP and over TLS; their sum is the total. */
  'http',
  'https',
  /** Charged requests: see `isCharged`. */
  'charged',
  /** HTTP requests answered with the domain's redirect to HTTPS, which is free. */
  'redirected',
  /** Heads and bodies, as `observe.ts` defines them. */
  'bytesIn',
  'bytesOut',
  /** Responses by the first digit of their status; `answered0` got none. */
  'answered0',
  'answered1',
  'answered2',
  'answered3',
  'answered4',
  'answered5',
  'tls12',
  'tls13',
  'http1',
  'http2',
  'handshakesFull',
  'handshakesResumed',
  'handshakesRefused',
] as const
export type CountName = (typeof countNames)[number]

/** One number for each of `countNames`. */
export type Counts = number[]

export function noCounts(): Counts {
  return countNames.map(() => 0)
}

export function addCounts(to: Counts, more: Counts): void {
  for (let at = 0; at < to.length; at += 1) to[at] = to[at]! + more[at]!
}

export const countAt = Object.fromEntries(countNames.map((name, at) => [name, at])) as Record<
  CountName,
  number
>

/** Usage of one domain since the last report. The domain is empty for requests that match none of ours. */
export interface DomainUsage {
  domain: string
  counts: Counts
  /** Time from the head of a request to the head of its response. */
  latency: Latency
}

export interface UsageReport {
  /** Sequence number of the report, from 1 for each process. */
  sequence: number
  domains: DomainUsage[]
}
