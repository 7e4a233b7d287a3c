import {
  DerError,
  explicitTag,
  implicitTag,
  inside,
  mapElements,
  readBoolean,
  readCount,
  readNamedBits,
  readObjectIdentifier,
  readOne,
  tags,
  type DerElement,
} from '../asn1/der.ts'
import { readGeneralName, readGeneralNames, type GeneralName } from './general-names.ts'

export interface RawExtension {
  oid: string
  critical: boolean
  value: Uint8Array
}

export const extensionOids = {
  subjectKeyIdentifier: '2.5.29.14',
  keyUsage: '2.5.29.15',
  subjectAltName: '2.5.29.17',
  issuerAltName: '2.5.29.18',
  basicConstraints: '2.5.29.19',
  crlNumber: '2.5.29.20',
  reasonCode: '2.5.29.21',
  invalidityDate: '2.5.29.24',
  deltaCrlIndicator: '2.5.29.27',
  issuingDistributionPoint: '2.5.29.28',
  certificateIssuer: '2.5.29.29',
  nameConstraints: '2.5.29.30',
  crlDistributionPoints: '2.5.29.31',
  certificatePolicies: '2.5.29.32',
  policyMappings: '2.5.29.33',
  authorityKeyIdentifier: '2.5.29.35',
  policyConstraints: '2.5.29.36',
  extendedKeyUsage: '2.5.29.37',
  freshestCrl: '2.5.29.46',
  inhibitAnyPolicy: '2.5.29.54',
  authorityInfoAccess: '1.3.6.1.5.5.7.1.1',
} as const

/** Bit numbers of KeyUsage (RFC 5280, section 4.2.1.3). */
export const keyUsageBits = {
  digitalSignature: 0,
  keyEncipherment: 2,
  keyAgreement: 4,
  keyCertSign: 5,
  crlSign: 6,
} as const

/** Reads Extensions (section 4.2). A duplicate OID is an error there. */
export function readExtensions(element: DerElement): Map<string, RawExtension> {
  const extensions = new Map<string, RawExtension>()
  for (const extension of mapElements(element, readExtension)) {
    if (extensions.has(extension.oid)) throw new DerError(`the extension ${extension.oid} occurs twice`)
    extensions.set(extension.oid, extension)
  }
  if (extensions.size === 0) throw new DerError('the list of extensions is empty')
  return extensions
}

function readExtension(element: DerElement): RawExtension {
  const fields = inside(element)
  const oid = readObjectIdentifier(fields.next(tags.objectIdentifier))
  const critical = fields.optional(tags.boolean)
  const value = fields.next(tags.octetString).content
  fields.end()
  return { oid, critical: critical !== undefined && readBoolean(critical), value }
}

const sequenceIn = (value: Uint8Array): DerElement => readOne(value, tags.sequence)

/** A list that RFC 5280 sizes `1..MAX`. */
export function readList<T>(element: DerElement, read: (child: DerElement) => T): T[] {
  const items = mapElements(element, read)
  if (items.length === 0) throw new DerError('a list that needs an entry is empty')
  return items
}

export interface BasicConstraints {
  isCa: boolean
  pathLength?: number
}

export function readBasicConstraints(value: Uint8Array): BasicConstraints {
  const fields = inside(sequenceIn(value))
  const isCa = fields.optional(tags.boolean)
  const pathLength = fields.optional(tags.integer)
  fields.end()
  return {
    isCa: isCa !== undefined && readBoolean(isCa),
    ...(pathLength ? { pathLength: readCount(pathLength) } : {}),
  }
}

export function readKeyUsage(value: Uint8Array): Set<number> {
  return readNamedBits(readOne(value, tags.bitString))
}

export function readExtendedKeyUsage(value: Uint8Array): string[] {
  return readList(sequenceIn(value), readObjectIdentifier)
}

export function readSubjectAltName(value: Uint8Array): GeneralName[] {
  const names = readGeneralNames(sequenceIn(value))
  const odd = names.some(
    (name) => name.kind === 'ip' && name.octets.length !== 4 && name.octets.length !== 16,
  )
  if (odd) throw new DerError('an IP address has neither 4 nor 16 octets')
  return names
}

export function readCertificatePolicies(value: Uint8Array): string[] {
  const policies = readList(sequenceIn(value), (policy) =>
    readObjectIdentifier(inside(policy).next(tags.objectIdentifier)),
  )
  if (new Set(policies).size !== policies.length) throw new DerError('a policy occurs twice')
  return policies
}

export interface PolicyMapping {
  issuerDomain: string
  subjectDomain: string
}

export function readPolicyMappings(value: Uint8Array): PolicyMapping[] {
  return readList(sequenceIn(value), (mapping) => {
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

export function readPolicyConstraints(value: Uint8Array): PolicyConstraints {
  const fields = inside(sequenceIn(value))
  const requireExplicit = fields.optional(implicitTag(0))
  const inhibitMapping = fields.optional(implicitTag(1))
  fields.end()
  if (!requireExplicit && !inhibitMapping) throw new DerError('the policy constraints are empty')
  return {
    ...(requireExplicit ? { requireExplicit: readCount(requireExplicit) } : {}),
    ...(inhibitMapping ? { inhibitMapping: readCount(inhibitMapping) } : {}),
  }
}

export function readInhibitAnyPolicy(value: Uint8Array): number {
  return readCount(readOne(value, tags.integer))
}

export interface AuthorityKeyIdentifier {
  keyIdentifier?: Uint8Array
  /** Also identifies the issuer's certificate by its issuer or serial number. */
  namesCertificate: boolean
}

export function readAuthorityKeyIdentifier(value: Uint8Array): AuthorityKeyIdentifier {
  const fields = inside(sequenceIn(value))
  const keyIdentifier = fields.optional(implicitTag(0))
  const issuer = fields.optional(explicitTag(1))
  const serial = fields.optional(implicitTag(2))
  fields.end()
  const namesCertificate = issuer !== undefined || serial !== undefined
  return { namesCertificate, ...(keyIdentifier ? { keyIdentifier: keyIdentifier.content } : {}) }
}

export function readSubjectKeyIdentifier(value: Uint8Array): Uint8Array {
  return readOne(value, tags.octetString).content
}

const caIssuersOid = '1.3.6.1.5.5.7.48.2'
const ocspOid = '1.3.6.1.5.5.7.48.1'

/** URLs of the issuer's certificate and of its OCSP responders. */
export function readAuthorityAccess(value: Uint8Array): { issuers: string[]; responders: string[] } {
  const descriptions = readList(sequenceIn(value), (description) => {
    const fields = inside(description)
    const method = readObjectIdentifier(fields.next(tags.objectIdentifier))
    const location = readGeneralName(fields.next())
    fields.end()
    return { method, location }
  })
  const addresses = (wanted: string) =>
    descriptions.flatMap(({ method, location }) =>
      method === wanted && location.kind === 'uri' ? [location.text] : [],
    )
  return { issuers: addresses(caIssuersOid), responders: addresses(ocspOid) }
}
