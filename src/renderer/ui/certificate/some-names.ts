import type { CertificateSummary } from '../../../contract/domains/domains.ts'
import { readableName } from '../../../contract/text/readable-name.ts'

type Names = Pick<CertificateSummary, 'dnsNames' | 'ipNames'>

/** First names of a certificate for one line, and the number of further names. */
export function someNames({ dnsNames, ipNames }: Names, limit = 4): { names: string; count: number } {
  const all = [...dnsNames, ...ipNames]
  return { names: all.slice(0, limit).map(readableName).join(', '), count: Math.max(0, all.length - limit) }
}
