import type { Asn1Element } from '../../contract/inspect/asn1.ts'
import { visibleText } from '../../contract/text/visible-text.ts'
import {
  asciiText,
  type DerElement,
  explicitTag,
  implicitTag,
  inside,
  mapElements,
  only,
  readBoolean,
  readCount,
  readNamedBits,
  readObjectIdentifier,
  tags,
  toHex,
} from '../asn1/der.ts'
import { accessMethodNames, policyNames, purposeNames } from '../asn1/object-identifiers.ts'
import { asn1Lines, readAsn1 } from '../asn1/tree.ts'
import {
  type DistributionPoint,
  type DistributionPointName,
  readDistributionPointName,
} from '../x509/distribution-points.ts'
import { readAuthorityAccess } from '../x509/extension-contents.ts'
import { type DecodedExtensions, type Extension, extensionOids as oids } from '../x509/extensions.ts'
import { type GeneralName, ipText, readGeneralNames } from '../x509/general-names.ts'
import { knownLogs } from '../transparency/log-list.ts'
import { readSctList } from '../x509/sct-list.ts'
import { rdnText, rfc4514 } from './format-name.ts'

const usageLabels = [
  'digital signature',
  'non-repudiation',
  'key encipherment',
  'data encipherment',
  'key agreement',
  'certificate signing',
  'CRL signing',
  'encipher only',
  'decipher only',
]
const reasonLabels = [
  'unused',
  'key compromise',
  'CA compromise',
  'affiliation changed',
  'superseded',
  'cessation of operation',
  'certificate hold',
  'privilege withdrawn',
  'attribute authority compromise',
]
/** RFC 7633: 5 is status_request, which people call must-staple. */
const featureLabels: Record<number, string> = {
  5: 'must staple: an OCSP answer has to come with the handshake (status_request)',
  17: 'several OCSP answers have to come with the handshake (status_request_v2)',
}
const kindLabels = { dns: 'DNS', email: 'e-mail', uri: 'URI' } as const

const bitLabels = (labels: string[], bits: Set<number>): string[] =>
  [...bits].map((bit) => labels[bit] ?? `bit ${bit}`)
export const usageLabelsOf = (bits: Set<number> = new Set()): string[] => bitLabels(usageLabels, bits)

function named(names: ReadonlyMap<string, string>, oid: string): string {
  const name = names.get(oid)
  return name === undefined ? oid : `${name} (${oid})`
}

/** `DNS shop.test`, `IP 127.0.0.1`, `directory name CN=a`. */
function formatName(name: GeneralName): string {
  if (name.kind === 'ip') return `IP ${ipText(name.octets)}`
  if (name.kind === 'directory') return `directory name ${rfc4514(name.name)}`
  return name.kind === 'other' ? formatOtherName(name.element) : `${kindLabels[name.kind]} ${name.text}`
}

function formatOtherName(element: DerElement): string {
  if (element.tag === explicitTag(3)) return 'an X.400 address'
  if (element.tag === explicitTag(5)) return 'an EDI party name'
  if (element.tag === implicitTag(8)) return `registered ID ${readObjectIdentifier(element)}`
  return `other name ${readObjectIdentifier(inside(element).next(tags.objectIdentifier))}`
}

/** Path length constraint of 0. */
export const noneBelow = 'no authorities below it'

/** `length` undefined is any. */
function authorityCount(length: number | undefined): string {
  if (length === undefined) return 'any number of authorities'
  return length === 1 ? 'at most one authority' : `at most ${length} authorities`
}

const idCps = '1.3.6.1.5.5.7.2.1'
const idUserNotice = '1.3.6.1.5.5.7.2.2'
const bmpString = 0x1e

function formatQualifier(qualifier: DerElement): string {
  const fields = inside(qualifier)
  const oid = readObjectIdentifier(fields.next(tags.objectIdentifier))
  const value = fields.next()
  if (oid === idCps) return `statement at ${asciiText(value.content)}`
  return oid === idUserNotice ? `notice: ${noticeText(value)}` : `qualifier ${oid}`
}

/** The notice's text if it has any; else its reference to a printed one. */
function noticeText(notice: DerElement): string {
  const text = mapElements(notice, (part) => part).find(({ tag }) => tag !== tags.sequence)
  if (!text) return 'see the authority'
  const bytes = Buffer.from(text.content)
  return text.tag === bmpString && bytes.length % 2 === 0
    ? bytes.swap16().toString('utf16le')
    : bytes.toString('utf8')
}

/** Full names, or one relative to the issuer's. */
function formatPointName(name: DistributionPointName): string[] {
  return 'full' in name ? name.full.map(formatName) : [`relative to the issuer: ${rdnText(name.relative)}`]
}

function formatPoint({ name, reasons, crlIssuer }: DistributionPoint): string {
  return [
    ...(name ? formatPointName(name) : []),
    ...(crlIssuer ? [`issued by ${crlIssuer.map(formatName).join(', ')}`] : []),
    ...(reasons ? [`for ${bitLabels(reasonLabels, reasons).join(', ')}`] : []),
  ].join(', ')
}

const formatAccesses = (accesses: ReturnType<typeof readAuthorityAccess>): string[] =>
  accesses.map(
    ({ method, location }) => `${accessMethodNames.get(method) ?? method}: ${formatName(location)}`,
  )

function formatScope(octets: DerElement): string[] {
  const fields = inside(only(octets, tags.sequence))
  const name = fields.optional(explicitTag(0))
  const flag = (number: number, label: string) => {
    const field = fields.optional(implicitTag(number))
    return field && readBoolean(field) ? [label] : []
  }
  const scope = [...flag(1, 'certificates of users only'), ...flag(2, 'certificates of authorities only')]
  const reasons = fields.optional(implicitTag(3))
  return [
    ...(name ? formatPointName(readDistributionPointName(name)) : []),
    ...scope,
    ...(reasons ? [`for ${bitLabels(reasonLabels, readNamedBits(reasons)).join(', ')} only`] : []),
    ...flag(4, 'certificates of several issuers'),
    ...flag(5, 'attribute certificates only'),
  ]
}

type Formats = {
  [Name in keyof DecodedExtensions]-?: (content: NonNullable<DecodedExtensions[Name]>) => string[]
}

/** Formats of decoded extensions (RFC 5280, section 4.2), a line per statement. */
const formats: Formats = {
  basicConstraints: ({ isCa, pathLength }) =>
    isCa
      ? ['a certificate authority', pathLength === 0 ? noneBelow : `${authorityCount(pathLength)} below it`]
      : ['not a certificate authority'],
  keyUsage: usageLabelsOf,
  extendedKeyUsage: (purposes) => purposes.map((oid) => named(purposeNames, oid)),
  subjectAltName: (names) => names.map(formatName),
  nameConstraints: ({ permitted, excluded }) => [
    ...permitted.map((base) => `permitted ${formatName(base)}`),
    ...excluded.map((base) => `excluded ${formatName(base)}`),
  ],
  certificatePolicies: (policies) =>
    policies.map(({ oid, qualifiers }) =>
      [named(policyNames, oid), ...(qualifiers ? mapElements(qualifiers, formatQualifier) : [])].join(', '),
    ),
  policyMappings: (mappings) =>
    mappings.map(
      ({ issuerDomain, subjectDomain }) =>
        `${named(policyNames, issuerDomain)} means ${named(policyNames, subjectDomain)}`,
    ),
  policyConstraints: ({ requireExplicit, inhibitMapping }) => [
    ...(requireExplicit === undefined ? [] : [`a policy is required after ${requireExplicit} certificates`]),
    ...(inhibitMapping === undefined ? [] : [`policies are not mapped after ${inhibitMapping} certificates`]),
  ],
  inhibitAnyPolicy: (count) => [`"any policy" counts for nothing after ${count} certificates`],
  authorityKeyIdentifier: ({ keyIdentifier, issuer = [], serial }) => [
    ...(keyIdentifier ? [toHex(keyIdentifier)] : []),
    ...issuer.map((name) => `issuer ${formatName(name)}`),
    ...(serial ? [`serial ${toHex(serial)}`] : []),
  ],
  subjectKeyIdentifier: (identifier) => [toHex(identifier)],
  authorityInfoAccess: formatAccesses,
  crlDistributionPoints: (points) => points.map(formatPoint),
  freshestCrl: (points) => points.map(formatPoint),
}

const counter = (octets: DerElement) => [BigInt(`0x${toHex(only(octets, tags.integer).content)}`).toString()]

/** Extensions without a decoded content: nothing but their display needs it. */
const readers = new Map<string, (octets: DerElement) => string[]>(
  Object.entries({
    [oids.issuerAltName]: (octets) => readGeneralNames(only(octets, tags.sequence)).map(formatName),
    [oids.crlNumber]: counter,
    [oids.deltaCrlIndicator]: counter,
    [oids.issuingDistributionPoint]: formatScope,
    [oids.tlsFeature]: (octets) =>
      mapElements(only(octets, tags.sequence), readCount).map(
        (feature) => featureLabels[feature] ?? `feature ${feature}`,
      ),
    [oids.timestamps]: ({ content }) =>
      readSctList(content).map(({ logIdHex, at }) => {
        const log = knownLogs().byId.get(logIdHex)
        return `log ${log ? `${log.name} (${log.operator})` : logIdHex} at ${at.toISOString()}`
      }),
    [oids.poison]: () => ['a precertificate: not to be used as a certificate'],
    [oids.subjectInfoAccess]: (octets) => formatAccesses(readAuthorityAccess(octets)),
    [oids.ocspNoCheck]: () => ['its own revocation is not asked about'],
  }),
)

export interface ExtensionContent {
  words: string[]
  asn1?: Asn1Element[]
}

/** Formats an extension, a line each. Unknown and unreadable ones are dumped. */
export function describeExtension(extension: Extension): ExtensionContent {
  const lines = linesOf(extension)
  if (lines) return { words: lines.map(visibleText) }
  const { words, ...rest } = dumped(extension.value)
  return { words: lines === null ? ['cannot be read as what it says it is', ...words] : words, ...rest }
}

/** Undefined without a format, null for a value that cannot be read. */
function linesOf({ oid, value, name, content }: Extension): string[] | null | undefined {
  const reader = readers.get(oid)
  if (!name && !reader) return undefined
  try {
    if (!name) return reader?.({ tag: tags.octetString, bytes: value, content: value, faults: [] })
    return content === undefined ? null : formats[name](content as never)
  } catch {
    return null
  }
}

/** Dumps the value as ASN.1, or as hexadecimal if it is not ASN.1. */
function dumped(value: Uint8Array): ExtensionContent {
  const asn1 = readAsn1(value)
  return asn1 ? { words: asn1Lines(asn1), asn1 } : { words: hexLines(value) }
}

const shownBytes = 512

function hexLines(value: Uint8Array): string[] {
  const hex = Buffer.from(value.subarray(0, shownBytes)).toString('hex')
  const lines = (hex.match(/.{1,32}/g) ?? []).map((line) => line.replace(/..(?=.)/g, '$& '))
  return value.length > shownBytes ? [...lines, `… ${value.length} bytes in all`] : lines
}
