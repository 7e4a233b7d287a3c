import type { CertificateSummary } from '../contract/domains/domains.ts'

interface Followable {
  dnsNames: readonly string[]
  ipNames: readonly string[]
  notAfter: string
  kept: boolean
}

/**
 * Certificates whose end concerns a person, for lists, counts and the calendar: those in use, and kept ones
 * without a successor, which is a later certificate for each of their names.
 */
export function followedCertificates<Each extends Followable>(
  certificates: readonly Each[],
  isUsed: (certificate: Each) => boolean,
): Each[] {
  const latest = latestByName(certificates)
  const hasSuccessor = (each: Each) =>
    namesOf(each).every((name) => coveredBy(name).some((one) => (latest.get(one) ?? '') > each.notAfter))
  return certificates.filter((each) => isUsed(each) || (each.kept && !hasSuccessor(each)))
}

export function followedIds(certificates: readonly CertificateSummary[]): Set<string> {
  return new Set(followedCertificates(certificates, ({ usedBy }) => usedBy.length > 0).map(({ id }) => id))
}

/** End of the last certificate with each name. */
function latestByName(certificates: readonly Followable[]): Map<string, string> {
  const latest = new Map<string, string>()
  for (const each of certificates)
    for (const name of namesOf(each))
      if ((latest.get(name) ?? '') < each.notAfter) latest.set(name, each.notAfter)
  return latest
}

function namesOf({ dnsNames, ipNames }: Followable): string[] {
  return [...dnsNames.map((name) => name.toLowerCase()), ...ipNames]
}

/** Names of a certificate that stand for `name`: itself and its wildcard. */
function coveredBy(name: string): string[] {
  return name.startsWith('*.') ? [name] : [name, `*.${name.slice(name.indexOf('.') + 1)}`]
}
