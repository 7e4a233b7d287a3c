import {
  explicitTag,
  fault,
  implicitTag,
  inside,
  mapElements,
  only,
  readBoolean,
  readCount,
  readList,
  readNamedBits,
  readObjectIdentifier,
  tags,
  type DerElement,
} from '../asn1/der.ts'
import { isHostConstraint, readGeneralName, readGeneralNames, type GeneralName } from './general-names.ts'

/*
 * Contents of extensions (RFC 5280, section 4.2). Each reader takes the OCTET STRING of the extension, and is
 * as strict or lenient as that.
 */

export interface BasicConstraints {
  isCa: boolean
  pathLength?: number
}

export function readBasicConstraints(octets: DerElement): BasicConstraints {
  const fields = inside(only(octets, tags.sequence))
  const isCa = fields.optional(tags.boolean)
  const pathLength = fields.optional(tags.integer)
  fields.end()
  return {
    isCa: isCa !== undefined && readBoolean(isCa),
    ...(pathLength ? { pathLength: readCount(pathLength) } : {}),
  }
}

export function readKeyUsage(octets: DerElement): Set<number> {
  return readNamedBits(only(octets, tags.bitString))
}

export function readExtendedKeyUsage(octets: DerElement): string[] {
  return readList(only(octets, tags.sequence), readObjectIdentifier)
}

export function readSubjectAltName(octets: DerElement): GeneralName[] {
  const names = readGeneralNames(only(octets, tags.sequence))
  const odd = names.some(
    (name) => name.kind === 'ip' && name.octets.length !== 4 && name.octets.length !== 16,
  )
  if (odd) fault(octets.faults, 'an IP address has neither 4 nor 16 octets')
  return names
}

export interface CertificatePolicy {
  oid: string
  /** Only display reads them. */
  qualifiers: DerElement | undefined
}

export function readCertificatePolicies(octets: DerElement): CertificatePolicy[] {
  const policies = readList(only(octets, tags.sequence), (policy) => {
    const fields = inside(policy)
    const oid = readObjectIdentifier(fields.next(tags.objectIdentifier))
    return { oid, qualifiers: fields.optional(tags.sequence) }
  })
  if (new Set(policies.map(({ oid }) => oid)).size !== policies.length)
    fault(octets.faults, 'a policy occurs twice')
  return policies
}

export interface PolicyMapping {
  issuerDomain: string
  subjectDomain: string
}

export function readPolicyMappings(octets: DerElement): PolicyMapping[] {
  return readList(only(octets, tags.sequence), (mapping) => {
    const fields = inside(mapping)
    const issuerDomain = readObjectIdentifier(fields.next(tags.objectIdentifier))
    const subjectDomain = readObjectIdentifier(fields.next(tags.objectIdentifier))
    fields.end()
    return { issuerDomain, subjectDomain }
  })
}

export interface PolicyConstraints {
  requireExplicit?: number
  inhibitMapping?: number
}

export function readPolicyConstraints(octets: DerElement): PolicyConstraints {
  const fields = inside(only(octets, tags.sequence))
  const requireExplicit = fields.optional(implicitTag(0))
  const inhibitMapping = fields.optional(implicitTag(1))
  fields.end()
  if (!requireExplicit && !inhibitMapping) fault(octets.faults, 'the policy constraints are empty')
  return {
    ...(requireExplicit ? { requireExplicit: readCount(requireExplicit) } : {}),
    ...(inhibitMapping ? { inhibitMapping: readCount(inhibitMapping) } : {}),
  }
}

export function readInhibitAnyPolicy(octets: DerElement): number {
  return readCount(only(octets, tags.integer))
}

export interface AuthorityKeyIdentifier {
  keyIdentifier?: Uint8Array
  /** The issuer's certificate, identified by its issuer and serial number. */
  issuer?: GeneralName[]
  serial?: Uint8Array
}

export function readAuthorityKeyIdentifier(octets: DerElement): AuthorityKeyIdentifier {
  const fields = inside(only(octets, tags.sequence))
  const keyIdentifier = fields.optional(implicitTag(0))
  const issuer = fields.optional(explicitTag(1))
  const serial = fields.optional(implicitTag(2))
  fields.end()
  return {
    ...(keyIdentifier ? { keyIdentifier: keyIdentifier.content } : {}),
    ...(issuer ? { issuer: mapElements(issuer, readGeneralName) } : {}),
    ...(serial ? { serial: serial.content } : {}),
  }
}

export function readSubjectKeyIdentifier(octets: DerElement): Uint8Array {
  return only(octets, tags.octetString).content
}

export interface AccessDescription {
  method: string
  location: GeneralName
}

export function readAuthorityAccess(octets: DerElement): AccessDescription[] {
  return readList(only(octets, tags.sequence), (description) => {
    const fields = inside(description)
    const method = readObjectIdentifier(fields.next(tags.objectIdentifier))
    const location = readGeneralName(fields.next())
    fields.end()
    return { method, location }
  })
}

export const accessMethods = { ocsp: '1.3.6.1.5.5.7.48.1', caIssuers: '1.3.6.1.5.5.7.48.2' } as const

/** URLs of the issuer's certificate, or of its OCSP responders. */
export function accessUrls(
  descriptions: AccessDescription[] = [],
  wanted: keyof typeof accessMethods,
): string[] {
  return descriptions.flatMap(({ method, location }) =>
    method === accessMethods[wanted] && location.kind === 'uri' ? [location.text] : [],
  )
}

export interface NameConstraints {
  permitted: GeneralName[]
  excluded: GeneralName[]
}

export function readNameConstraints(octets: DerElement): NameConstraints {
  const fields = inside(only(octets, tags.sequence))
  const permitted = fields.optional(explicitTag(0))
  const excluded = fields.optional(explicitTag(1))
  fields.end()
  if (!permitted && !excluded) fault(octets.faults, 'neither permitted nor excluded names are given')
  return {
    permitted: permitted ? readList(permitted, readSubtree) : [],
    excluded: excluded ? readList(excluded, readSubtree) : [],
  }
}

/** RFC 5280, section 4.2.1.10: minimum is zero, maximum is absent. */
function readSubtree(element: DerElement): GeneralName {
  const fields = inside(element)
  const base = readGeneralName(fields.next())
  const minimum = fields.optional(implicitTag(0))
  fields.end()
  if (minimum && readCount(minimum) !== 0) fault(element.faults, 'a subtree has a minimum above zero')
  if (!isBase(base)) fault(element.faults, 'a subtree has a base that no name can lie under')
  return base
}

/** Host names only. A malformed URI matters only if URI names are constrained. */
function isBase(base: GeneralName): boolean {
  if (base.kind === 'dns') return isHostConstraint(base.text)
  return base.kind !== 'ip' || isNetwork(base.octets)
}

/** An address and a contiguous mask (RFC 4632, section 3.1). */
function isNetwork(octets: Uint8Array): boolean {
  if (octets.length !== 8 && octets.length !== 32) return false
  const mask = octets.subarray(octets.length / 2)
  return /^1*0*$/.test([...mask].map((octet) => octet.toString(2).padStart(8, '0')).join(''))
}
