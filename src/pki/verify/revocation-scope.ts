import { bytesEqual } from '../asn1/der.ts'
import { relativeNameKey } from '../x509/distinguished-name.ts'
import type { DistributionPoint, DistributionPointName } from '../x509/distribution-points.ts'
import type { GeneralName } from '../x509/general-names.ts'
import type { Certificate } from '../x509/certificate.ts'
import type { RevocationList } from '../x509/revocation-list.ts'

/** The bits of ReasonFlags (RFC 5280, section 4.2.1.13) except `unused`. */
export const allReasons: ReadonlySet<number> = new Set([1, 2, 3, 4, 5, 6, 7, 8])

/**
 * Sources for the status of a certificate: its distribution points, and last the implicit one of RFC 5280,
 * section 6.3.3, the issuer itself.
 */
export function pointsOf({ decoded }: Certificate): DistributionPoint[] {
  return [...(decoded.crlDistributionPoints ?? []), {}]
}

export function isIssuedFor(list: RevocationList, { issuer }: Certificate): boolean {
  return list.issuer.key === issuer.key
}

export function isCurrent(list: RevocationList, at: number): boolean {
  return list.thisUpdate <= at && list.nextUpdate !== undefined && at <= list.nextUpdate
}

/** Whether `list` covers `certificate` under this distribution point (section 6.3.3 (b)). */
export function isInScope(list: RevocationList, certificate: Certificate, point: DistributionPoint): boolean {
  const { scope } = list
  if (!isByRightIssuer(list, certificate, point)) return false
  if (!scope) return true
  if (scope.onlyAttributeCertificates) return false
  const isCa = certificate.decoded.basicConstraints?.isCa ?? false
  if ((scope.onlyUserCertificates && isCa) || (scope.onlyAuthorities && !isCa)) return false
  return scope.name === undefined || sharesName(scope.name, list, certificate, point)
}

function isByRightIssuer(list: RevocationList, certificate: Certificate, point: DistributionPoint): boolean {
  if (!point.crlIssuer) return isIssuedFor(list, certificate)
  const named = point.crlIssuer.some((name) => name.kind === 'directory' && name.name.key === list.issuer.key)
  return named && (list.scope?.isIndirect ?? false)
}

/**
 * Section 6.3.3 (b)(2)(i): scope and point share a name; a point without a name has that of its CRL issuer.
 */
function sharesName(
  own: DistributionPointName,
  list: RevocationList,
  certificate: Certificate,
  point: DistributionPoint,
): boolean {
  const offered = nameKeys(own, list.issuer.key)
  const issuerNames: GeneralName[] = point.crlIssuer ?? [{ kind: 'directory', name: certificate.issuer }]
  const wanted = point.name
    ? issuerKeys(point, certificate).flatMap((key) => nameKeys(point.name as DistributionPointName, key))
    : issuerNames.map(generalNameKey)
  return wanted.some((key) => offered.includes(key))
}

function issuerKeys(point: DistributionPoint, certificate: Certificate): string[] {
  const named = (point.crlIssuer ?? []).flatMap((name) => (name.kind === 'directory' ? [name.name.key] : []))
  return named.length > 0 ? named : [certificate.issuer.key]
}

function nameKeys(name: DistributionPointName, issuerKey: string): string[] {
  if ('full' in name) return name.full.map(generalNameKey)
  return [`directory:${issuerKey}${issuerKey ? '/' : ''}${relativeNameKey(name.relative)}`]
}

function generalNameKey(name: GeneralName): string {
  if (name.kind === 'directory') return `directory:${name.name.key}`
  if (name.kind === 'ip') return `ip:${name.octets.join('.')}`
  return name.kind === 'other' ? `other:${name.element.tag}` : `${name.kind}:${name.text}`
}

/** The reasons that `list` covers under this point (section 6.3.3 (d)). */
export function reasonsOf(list: RevocationList, point: DistributionPoint): Set<number> {
  const byPoint = point.reasons ?? allReasons
  const byList = list.scope?.onlySomeReasons ?? allReasons
  return new Set([...byPoint].filter((reason) => byList.has(reason)))
}

/** Whether `delta` updates `complete` (sections 5.2.4 and 6.3.3 (c)). */
export function updates(delta: RevocationList, complete: RevocationList): boolean {
  const { baseNumber, number } = delta
  if (baseNumber === undefined || number === undefined || complete.number === undefined) return false
  const [deltaKey, completeKey] = [delta.authorityKeyIdentifier, complete.authorityKeyIdentifier]
  // Both are signed by the issuer; one that does not name its key is of no other.
  const sameKey = !deltaKey || !completeKey || bytesEqual(deltaKey, completeKey)
  const sameScope = bytesEqual(delta.scopeBytes, complete.scopeBytes)
  const inOrder = baseNumber <= complete.number && complete.number <= number
  return delta.issuer.key === complete.issuer.key && sameScope && sameKey && inOrder
}
