import type { CertificateSummary, Domain } from '../../../contract/domains.ts'

/** Whether a certificate's names cover `domain` (RFC 6125, section 6.4.3: a wildcard stands for one label). */
export function coversName(
  certificate: Pick<CertificateSummary, 'dnsNames' | 'ipNames'>,
  domain: string,
): boolean {
  const wanted = domain.toLowerCase()
  if (certificate.ipNames.includes(wanted)) return true
  const parent = wanted.slice(wanted.indexOf('.'))
  return certificate.dnsNames.some((name) => {
    const dns = name.toLowerCase()
    return dns === wanted || (dns.startsWith('*.') && wanted.includes('.') && dns === `*${parent}`)
  })
}

export interface Choices {
  /** Cover the domain; the one in use first, then the longest valid. */
  fitting: CertificateSummary[]
  others: CertificateSummary[]
}

/** The vault's certificates as choices for `domain`. */
export function choicesFor(domain: Domain, certificates: readonly CertificateSummary[]): Choices {
  const current = domain.https.certificate?.id
  const order = (one: CertificateSummary, other: CertificateSummary) =>
    Number(other.id === current) - Number(one.id === current) || other.notAfter.localeCompare(one.notAfter)
  const fits = (certificate: CertificateSummary) => coversName(certificate, domain.name)
  return {
    fitting: certificates.filter(fits).sort(order),
    others: certificates.filter((certificate) => !fits(certificate)).sort(order),
  }
}

/** Names that `before` covers and `after` does not. */
export function namesLost(
  before: Pick<CertificateSummary, 'dnsNames' | 'ipNames'> | null,
  after: Pick<CertificateSummary, 'dnsNames' | 'ipNames'>,
): string[] {
  if (!before) return []
  const has = [...after.dnsNames, ...after.ipNames]
  return [...before.dnsNames, ...before.ipNames].filter((name) => !has.includes(name))
}

/** What ending HTTPS for `domain` does to the certificates it holds: erased unless kept or used elsewhere. */
export function fateOfCertificates(
  domain: Domain,
  certificates: readonly CertificateSummary[],
): { erased: CertificateSummary[]; kept: CertificateSummary[] } {
  const ids = [domain.https.certificate?.id, domain.https.previousCertificate?.id]
  const held = certificates.filter((certificate) => ids.includes(certificate.id))
  const stays = (certificate: CertificateSummary) =>
    certificate.kept || certificate.usedBy.some((name) => name !== domain.name)
  return { erased: held.filter((one) => !stays(one)), kept: held.filter(stays) }
}

/** The first names of a certificate for a line of text, and how many more there are. */
export function someNames(
  { dnsNames, ipNames }: Pick<CertificateSummary, 'dnsNames' | 'ipNames'>,
  limit = 4,
): { names: string; count: number } {
  const all = [...dnsNames, ...ipNames]
  return { names: all.slice(0, limit).join(', '), count: Math.max(0, all.length - limit) }
}
