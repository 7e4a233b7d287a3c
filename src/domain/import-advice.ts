import type { CertificateSummary, Domain } from '../contract/domains/domains.ts'
import { type CertificatesNow, isUsable } from './best-certificate.ts'
import { compareText } from './compare.ts'
import { coveringName, hostNamesOf } from './covered-names.ts'
import { groupBy } from './group-by.ts'
import { type Successor, successorsIn } from './successors.ts'

type ListedDomain = Pick<Domain, 'name' | 'https'>

/** Next steps after an import, by what the new certificates cover. */
export interface ImportAdvice {
  /** New certificates that cover a domain. */
  covering: number
  /** Domains with HTTPS off that a new certificate covers and can serve now. */
  domains: string[]
  /** New certificates that cover no domain. */
  unserved: number
  /** Names of those, for new domains. */
  names: string[]
  /** New certificates that can take over from one that is ending. */
  successors: Successor[]
}

export function importAdvice(
  imported: ReadonlySet<string>,
  { certificates, now, domains }: CertificatesNow & { domains: readonly ListedDomain[] },
): ImportAdvice {
  const fresh = certificates.filter(({ id }) => imported.has(id))
  const below = groupBy(domains, ({ name }) => name.slice(name.indexOf('.') + 1))
  const byName = new Map(domains.map((domain) => [domain.name, domain]))
  const covered = new Map(fresh.map((each) => [each, coveredBy(each, byName, below)]))
  const unserved = fresh.filter((each) => covered.get(each)?.length === 0)
  const served = fresh.filter((each) => isUsable(each, now)).flatMap((each) => covered.get(each) ?? [])
  const off = served.filter(({ https }) => https.state === 'off')
  return {
    covering: fresh.length - unserved.length,
    domains: [...new Set(off.map(({ name }) => name))].toSorted(compareText),
    unserved: unserved.length,
    names: [...new Set(unserved.flatMap(({ dnsNames }) => dnsNames))].toSorted(compareText),
    successors: successorsIn({ certificates, now }).filter(({ next }) => imported.has(next.id)),
  }
}

function coveredBy(
  certificate: CertificateSummary,
  byName: ReadonlyMap<string, ListedDomain>,
  below: ReadonlyMap<string, ListedDomain[]>,
): ListedDomain[] {
  const near = certificate.dnsNames.flatMap((name) => [
    ...(name.startsWith('*.') ? (below.get(name.slice(2)) ?? []) : []),
    ...[byName.get(name)].filter((domain) => domain !== undefined),
  ])
  const names = hostNamesOf(certificate)
  return [...new Set(near)].filter(({ name }) => coveringName(names, name) !== undefined)
}
