import {
  fault,
  inside,
  leniently,
  mapElements,
  readBoolean,
  readObjectIdentifier,
  tags,
  type DerElement,
} from '../asn1/der.ts'
import { readDistributionPoints } from './distribution-points.ts'
import * as read from './extension-contents.ts'

export interface Extension {
  oid: string
  critical: boolean
  /** The DER inside the OCTET STRING. */
  value: Uint8Array
  /** Key in `DecodedExtensions`; undefined for other extensions. */
  name: keyof DecodedExtensions | undefined
  /** Decoded value; undefined where it cannot be read. */
  content: unknown
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
  subjectInfoAccess: '1.3.6.1.5.5.7.1.11',
  tlsFeature: '1.3.6.1.5.5.7.1.24',
  ocspNoCheck: '1.3.6.1.5.5.7.48.1.5',
  timestamps: '1.3.6.1.4.1.11129.2.4.2',
  poison: '1.3.6.1.4.1.11129.2.4.3',
} as const

/** Bit numbers of KeyUsage (RFC 5280, section 4.2.1.3). */
export const keyUsageBits = {
  digitalSignature: 0,
  nonRepudiation: 1,
  keyEncipherment: 2,
  dataEncipherment: 3,
  keyAgreement: 4,
  keyCertSign: 5,
  crlSign: 6,
} as const

const readers = {
  basicConstraints: read.readBasicConstraints,
  keyUsage: read.readKeyUsage,
  extendedKeyUsage: read.readExtendedKeyUsage,
  subjectAltName: read.readSubjectAltName,
  nameConstraints: read.readNameConstraints,
  certificatePolicies: read.readCertificatePolicies,
  policyMappings: read.readPolicyMappings,
  policyConstraints: read.readPolicyConstraints,
  inhibitAnyPolicy: read.readInhibitAnyPolicy,
  authorityKeyIdentifier: read.readAuthorityKeyIdentifier,
  subjectKeyIdentifier: read.readSubjectKeyIdentifier,
  authorityInfoAccess: read.readAuthorityAccess,
  crlDistributionPoints: readDistributionPoints,
  freshestCrl: readDistributionPoints,
} as const

type Readers = typeof readers
/** Contents by name, of the first extension each. */
export type DecodedExtensions = { [Name in keyof Readers]?: ReturnType<Readers[Name]> }

const named = Object.keys(readers) as (keyof Readers)[]
const nameOf = new Map<string, keyof Readers>(named.map((name) => [extensionOids[name], name]))

/** Reads Extensions (section 4.2), in order. A duplicate OID is a fault there. */
export function readExtensions(element: DerElement): Extension[] {
  const seen = new Set<string>()
  const extensions = mapElements(element, (child) => {
    const extension = readExtension(child)
    if (seen.has(extension.oid)) fault(element.faults, `the extension ${extension.oid} occurs twice`)
    seen.add(extension.oid)
    return extension
  })
  if (extensions.length === 0) fault(element.faults, 'the list of extensions is empty')
  return extensions
}

function readExtension(element: DerElement): Extension {
  const fields = inside(element)
  const oid = readObjectIdentifier(fields.next(tags.objectIdentifier))
  const critical = fields.optional(tags.boolean)
  const octets = fields.next(tags.octetString)
  fields.end()
  const name = nameOf.get(oid)
  return {
    oid,
    critical: critical !== undefined && readBoolean(critical),
    value: octets.content,
    name,
    content: name && contentOf(name, octets),
  }
}

function contentOf(name: keyof Readers, octets: DerElement): unknown {
  const faults: string[] = []
  const content = leniently<unknown>(faults, () => readers[name]({ ...octets, faults }), undefined)
  const [first] = faults
  if (first !== undefined) fault(octets.faults, `its extension “${titleOf(name)}” is malformed: ${first}`)
  return content
}

/** `subjectAltName` → `subject alt name`. */
const titleOf = (name: string): string => name.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`)

export function decodedIn(extensions: Extension[]): DecodedExtensions {
  const decoded: Partial<Record<keyof Readers, unknown>> = {}
  for (const { name, content } of extensions) if (name) decoded[name] ??= content
  return decoded as DecodedExtensions
}

export function extensionIn(
  extensions: Extension[],
  name: keyof typeof extensionOids,
): Extension | undefined {
  return extensions.find(({ oid }) => oid === extensionOids[name])
}
