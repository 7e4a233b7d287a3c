import type { Timeline } from '../../contract/inspect/timeline.ts'
import type { AnchorSet } from '../verify/anchor-set.ts'
import { createIssuerPool } from '../verify/issuer-pool.ts'
import type { Certificate } from '../x509/certificate.ts'
import { shortDate } from '../facts/format-time.ts'
import { parseLeaf } from '../verify/verify.ts'

/** Limits for hostile bundles; further certificates and moments are ignored. */
const mostCertificates = 32
const mostMoments = 48

/** The leaf and all possible certificates above it, nearest first. */
export function reachable(given: {
  leaf: Uint8Array
  intermediates: Uint8Array[]
  anchors: AnchorSet[]
}): Certificate[] {
  const pool = createIssuerPool(given.intermediates, given.anchors)
  const known = new Set([parseLeaf(given.leaf)])
  for (const certificate of known) {
    for (const { certificate: issuer } of pool.issuersOf(certificate)) {
      if (known.size >= mostCertificates) return [...known]
      known.add(issuer)
    }
  }
  return [...known]
}

/**
 * Moments after `at` at which validity can change; the last second of a validity period is included in it.
 */
export function momentsOf(known: Certificate[], at: number): number[] {
  const all = known.flatMap(({ notBefore, notAfter }) => [notBefore, notAfter + 1000])
  return [...new Set(all)]
    .filter((moment) => moment > at)
    .toSorted((a, b) => a - b)
    .slice(0, mostMoments)
}

export function marksOf(known: Certificate[], at: number): Timeline['marks'] {
  const begins = known
    .filter(({ notBefore }) => notBefore > at)
    .map(({ title, notBefore }) => ({
      time: notBefore,
      sentence: `“${title}” begins on ${shortDate(notBefore)}.`,
    }))
  const ends = known
    .filter(({ notAfter }) => notAfter >= at)
    .map(({ title, notAfter }) => ({
      time: notAfter,
      sentence: `“${title}” ends on ${shortDate(notAfter)}.`,
    }))
  return [...begins, ...ends]
    .toSorted((a, b) => a.time - b.time)
    .slice(0, mostMoments)
    .map(({ time, sentence }) => ({ at: new Date(time).toISOString(), sentence }))
}
