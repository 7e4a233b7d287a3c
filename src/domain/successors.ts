import type { CertificateSummary } from '../contract/domains/domains.ts'
import { type CertificatesNow, distrust, isBetter, isUsable } from './best-certificate.ts'
import { hostNamesOf, nameChanges } from './covered-names.ts'

export interface Successor {
  old: CertificateSummary
  next: CertificateSummary
}

/**
 * Certificates of the vault that can take over from those in use that a person has to renew: they end later,
 * cover all their names, and are trusted by as many clients.
 */
export function successorsIn({ certificates, now }: CertificatesNow): Successor[] {
  const candidates = byName(certificates.filter((each) => isUsable(each, now)))
  return certificates.filter(isEnding).flatMap((old) => {
    const able = candidatesFor(old, candidates).filter((next) => canFollow(old, next))
    const [next] = able.toSorted((one, other) => (isBetter(one, other) ? -1 : 1))
    return next ? [{ old, next }] : []
  })
}

function isEnding({ usedBy, expiry, revoked }: CertificateSummary): boolean {
  return usedBy.length > 0 && (revoked === true || ['expiring', 'last-week', 'expired'].includes(expiry))
}

function byName(certificates: readonly CertificateSummary[]): Map<string, CertificateSummary[]> {
  const found = new Map<string, CertificateSummary[]>()
  for (const certificate of certificates)
    for (const name of certificate.dnsNames) {
      const others = found.get(name)
      if (others) others.push(certificate)
      else found.set(name, [certificate])
    }
  return found
}

/** Those with the first name of `old`, or with a wildcard for it. */
function candidatesFor(
  { dnsNames: [first = ''] }: CertificateSummary,
  candidates: ReadonlyMap<string, CertificateSummary[]>,
): CertificateSummary[] {
  const wildcard = first.replace(/^[^.]+/, '*')
  return [...new Set([first, wildcard].flatMap((name) => candidates.get(name) ?? []))]
}

function canFollow(old: CertificateSummary, next: CertificateSummary): boolean {
  return (
    next.id !== old.id &&
    next.notAfter > old.notAfter &&
    distrust(next) <= distrust(old) &&
    nameChanges(hostNamesOf(old), hostNamesOf(next)).lost.length === 0
  )
}
