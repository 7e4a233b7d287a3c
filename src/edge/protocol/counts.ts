import type { Latency } from './latency.ts'

/** What is counted for each domain, and in this order wherever counts are a list. */
export const countNames = [
  /** Requests over plain HTTP, and over TLS. Their sum is all there were. */
  'http',
  'https',
  /** Those that are paid for: see `isCharged`. */
  'charged',
  /** HTTP requests that were answered with the domain's redirect to HTTPS, which is free. */
  'redirected',
  /** Heads and bodies, as `observe.ts` defines them. */
  'bytesIn',
  'bytesOut',
  /** By the first digit of the status; `answered0` were told nothing. */
  'answered0',
  'answered1',
  'answered2',
  'answered3',
  'answered4',
  'answered5',
  /** Requests by what they came over. */
  'tls12',
  'tls13',
  'http1',
  'http2',
  'handshakesFull',
  'handshakesResumed',
  'handshakesRefused',
] as const
export type CountName = (typeof countNames)[number]

/** A number for each of `countNames`. */
export type Counts = number[]

export function noCounts(): Counts {
  return countNames.map(() => 0)
}

export function addCounts(to: Counts, more: Counts): void {
  for (let at = 0; at < to.length; at += 1) to[at] = to[at]! + more[at]!
}

/** Where each count stands. */
export const countAt = Object.fromEntries(countNames.map((name, at) => [name, at])) as Record<
  CountName,
  number
>

/** What happened under one domain since the last report. The domain is empty where no domain of ours was meant. */
export interface DomainUsage {
  domain: string
  counts: Counts
  /** From a request's head to the head of its answer. */
  latency: Latency
}

/** What a worker has counted since its last report. */
export interface UsageReport {
  /** From 1, one more for each report of a process. */
  sequence: number
  domains: DomainUsage[]
}
