import { AsnConvert, AsnArray, AsnType, AsnTypeTypes, AsnPropTypes, OctetString } from '@peculiar/asn1-schema'
import {
  AuthorityInfoAccessSyntax,
  AuthorityKeyIdentifier,
  BasicConstraints,
  CertificatePolicies,
  CRLDistributionPoints,
  ExtendedKeyUsage,
  type GeneralSubtrees,
  InhibitAnyPolicy,
  KeyUsage,
  NameConstraints,
  PolicyConstraints,
  PolicyMappings,
  SubjectAlternativeName,
  SubjectKeyIdentifier,
  type DistributionPoint,
  type PolicyInformation,
} from '@peculiar/asn1-x509'
import { generalNameInWords, rdnInWords } from './general-names.ts'
import { accessMethodNames, policyNames, purposeNames } from './object-identifiers.ts'
import { readSctList } from './sct-list.ts'

class IntegerList extends AsnArray<number> {}
AsnType({ type: AsnTypeTypes.Sequence, itemType: AsnPropTypes.Integer })(IntegerList)

const hex = (bytes: ArrayBufferLike | Uint8Array) => Buffer.from(bytes as Uint8Array).toString('hex')
const named = (names: Record<string, string>, oid: string) => (names[oid] ? `${names[oid]} (${oid})` : oid)
const integer = (bytes: ArrayBuffer | undefined) => BigInt(`0x${hex(bytes ?? new ArrayBuffer(1)) || '0'}`)

const keyUsageWords: Record<string, string> = {
  digitalSignature: 'digital signature',
  nonRepudiation: 'non-repudiation',
  keyEncipherment: 'key encipherment',
  dataEncipherment: 'data encipherment',
  keyAgreement: 'key agreement',
  keyCertSign: 'certificate signing',
  crlSign: 'CRL signing',
  encipherOnly: 'encipher only',
  decipherOnly: 'decipher only',
}

/** Key usages in words (RFC 5280, section 4.2.1.3); throws on what is not a KeyUsage. */
export function readKeyUsage(value: Uint8Array): string[] {
  const set = new Set<string>(AsnConvert.parse(value, KeyUsage).toJSON())
  return Object.entries(keyUsageWords).flatMap(([usage, words]) => (set.has(usage) ? words : []))
}

/** Extended key usages by name, or OID where there is none. */
export function readPurposes(value: Uint8Array): string[] {
  return Array.from(AsnConvert.parse(value, ExtendedKeyUsage), (oid) => purposeNames[oid] ?? oid)
}

function basicConstraints(value: Uint8Array): string[] {
  const { cA, pathLenConstraint } = AsnConvert.parse(value, BasicConstraints)
  if (!cA) return ['not a certificate authority']
  return ['a certificate authority', `${authorityCount(pathLenConstraint)} below it`]
}

function authorityCount(limit: number | undefined): string {
  if (limit === undefined) return 'any number of authorities'
  if (limit === 0) return 'no authorities'
  return limit === 1 ? 'at most one authority' : `at most ${limit} authorities`
}

function subtrees(kind: string, trees: GeneralSubtrees | undefined): string[] {
  return Array.from(trees ?? [], ({ base }) => `${kind} ${generalNameInWords(base)}`)
}

function nameConstraints(value: Uint8Array): string[] {
  const { permittedSubtrees, excludedSubtrees } = AsnConvert.parse(value, NameConstraints)
  return [...subtrees('permitted', permittedSubtrees), ...subtrees('excluded', excludedSubtrees)]
}

function policy({ policyIdentifier, policyQualifiers }: PolicyInformation): string {
  const qualifiers = (policyQualifiers ?? []).map(({ policyQualifierId, qualifier }) =>
    policyQualifierId === '1.3.6.1.5.5.7.2.1'
      ? `statement at ${Buffer.from(qualifier).subarray(2).toString('latin1')}`
      : 'a notice to the user',
  )
  return [named(policyNames, policyIdentifier), ...qualifiers].join(', ')
}

function distributionPoint({ distributionPoint: point, cRLIssuer, reasons }: DistributionPoint): string {
  const where = point?.fullName
    ? point.fullName.map(generalNameInWords)
    : point?.nameRelativeToCRLIssuer
      ? [`relative to the issuer: ${rdnInWords(point.nameRelativeToCRLIssuer)}`]
      : []
  const issuer = cRLIssuer ? [`issued by ${cRLIssuer.map(generalNameInWords).join(', ')}`] : []
  const only = reasons ? [`for ${reasons.toJSON().join(', ')}`] : []
  return [...where, ...issuer, ...only].join(', ')
}

function authorityKeyIdentifier(value: Uint8Array): string[] {
  const id = AsnConvert.parse(value, AuthorityKeyIdentifier)
  return [
    ...(id.keyIdentifier ? [hex(id.keyIdentifier.buffer)] : []),
    ...(id.authorityCertIssuer ?? []).map((name) => `issuer ${generalNameInWords(name)}`),
    ...(id.authorityCertSerialNumber ? [`serial ${hex(id.authorityCertSerialNumber)}`] : []),
  ]
}

function policyConstraints(value: Uint8Array): string[] {
  const { requireExplicitPolicy, inhibitPolicyMapping } = AsnConvert.parse(value, PolicyConstraints)
  return [
    ...(requireExplicitPolicy
      ? [`a policy is required after ${integer(requireExplicitPolicy)} certificates`]
      : []),
    ...(inhibitPolicyMapping
      ? [`policies are not mapped after ${integer(inhibitPolicyMapping)} certificates`]
      : []),
  ]
}

/** RFC 7633: 5 is status_request, which people call must-staple. */
function tlsFeatures(value: Uint8Array): string[] {
  const words: Record<number, string> = {
    5: 'must staple: an OCSP answer has to come with the handshake (status_request)',
    17: 'several OCSP answers have to come with the handshake (status_request_v2)',
  }
  return Array.from(AsnConvert.parse(value, IntegerList), (feature) => words[feature] ?? `feature ${feature}`)
}

type Reader = (value: Uint8Array) => string[]
const accessDescriptions: Reader = (value) =>
  Array.from(
    AsnConvert.parse(value, AuthorityInfoAccessSyntax),
    ({ accessMethod, accessLocation }) =>
      `${accessMethodNames[accessMethod] ?? accessMethod}: ${generalNameInWords(accessLocation)}`,
  )
const alternativeNames: Reader = (value) =>
  Array.from(AsnConvert.parse(value, SubjectAlternativeName), generalNameInWords)
const distributionPoints: Reader = (value) =>
  Array.from(AsnConvert.parse(value, CRLDistributionPoints), distributionPoint)

const readers: Record<string, Reader> = {
  '2.5.29.14': (value) => [hex(AsnConvert.parse(value, SubjectKeyIdentifier).buffer)],
  '2.5.29.15': readKeyUsage,
  '2.5.29.17': alternativeNames,
  '2.5.29.18': alternativeNames,
  '2.5.29.19': basicConstraints,
  '2.5.29.30': nameConstraints,
  '2.5.29.31': distributionPoints,
  '2.5.29.32': (value) => Array.from(AsnConvert.parse(value, CertificatePolicies), policy),
  '2.5.29.33': (value) =>
    Array.from(
      AsnConvert.parse(value, PolicyMappings),
      (m) => `${named(policyNames, m.issuerDomainPolicy)} means ${named(policyNames, m.subjectDomainPolicy)}`,
    ),
  '2.5.29.35': authorityKeyIdentifier,
  '2.5.29.36': policyConstraints,
  '2.5.29.37': (value) =>
    Array.from(AsnConvert.parse(value, ExtendedKeyUsage), (oid) => named(purposeNames, oid)),
  '2.5.29.46': distributionPoints,
  '2.5.29.54': (value) => [
    `any policy counts for nothing after ${integer(AsnConvert.parse(value, InhibitAnyPolicy).value)} certificates`,
  ],
  '1.3.6.1.5.5.7.1.1': accessDescriptions,
  '1.3.6.1.5.5.7.1.11': accessDescriptions,
  '1.3.6.1.5.5.7.1.24': tlsFeatures,
  '1.3.6.1.5.5.7.48.1.5': () => ['its own revocation is not asked about'],
  '1.3.6.1.4.1.11129.2.4.2': (value) =>
    readSctList(value).map((sct) => `log ${sct.logIdHex} at ${sct.at.toISOString()}`),
  '1.3.6.1.4.1.11129.2.4.3': () => ['a precertificate: not to be used as a certificate'],
}

/** What an extension says, a line each. What has no reader, or cannot be read, is shown as hexadecimal. */
export function extensionInWords(oid: string, value: Uint8Array): string[] {
  const reader = readers[oid]
  if (!reader) return hexLines(value)
  try {
    return reader(value)
  } catch {
    return ['cannot be read as what it says it is', ...hexLines(value)]
  }
}

function hexLines(value: Uint8Array): string[] {
  const shown = value.subarray(0, 512)
  const lines: string[] = []
  for (let i = 0; i < shown.length; i += 16) {
    lines.push(hex(shown.subarray(i, i + 16)).replace(/..(?=.)/g, '$& '))
  }
  return shown.length < value.length ? [...lines, `… ${value.length} bytes in all`] : lines
}

/** The inner bytes of an extension's OCTET STRING. */
export function octets(value: OctetString): Uint8Array {
  return new Uint8Array(value.buffer)
}
