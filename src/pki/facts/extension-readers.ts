import { formatShownName, readShownName, readShownNames } from './shown-names.ts'
import { rdnText } from './format-name.ts'
import { accessMethodNames, policyNames, purposeNames } from '../asn1/object-identifiers.ts'
import {
  asciiText,
  type DerElement,
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
  toHex,
} from '../asn1/der.ts'
import { readRelativeName } from '../x509/distinguished-name.ts'

/** Formats an extension (RFC 5280, section 4.2), a line per statement. Throws if the value is malformed. */
export type ExtensionReader = (value: Uint8Array) => string[]

const sequence = (value: Uint8Array) => readOne(value, tags.sequence)
const oidOf = (element: DerElement) => readObjectIdentifier(element)
function named(names: ReadonlyMap<string, string>, oid: string): string {
  const name = names.get(oid)
  return name === undefined ? oid : `${name} (${oid})`
}

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
const bitLabels = (words: string[], element: DerElement) =>
  [...readNamedBits(element)].map((bit) => words[bit] ?? `bit ${bit}`)

export const keyUsage: ExtensionReader = (value) => bitLabels(usageLabels, readOne(value, tags.bitString))

/** Purposes by name, unknown ones by OID. */
export const purposes: ExtensionReader = (value) =>
  mapElements(sequence(value), oidOf).map((oid) => purposeNames.get(oid) ?? oid)

export const purposesWithOids: ExtensionReader = (value) =>
  mapElements(sequence(value), oidOf).map((oid) => named(purposeNames, oid))

export const names: ExtensionReader = (value) => readShownNames(sequence(value)).map(formatShownName)

export function shownBasicConstraints(value: Uint8Array): { isCa: boolean; pathLength: number | undefined } {
  const fields = inside(sequence(value))
  const isCa = fields.optional(tags.boolean)
  const pathLength = fields.optional(tags.integer)
  return {
    isCa: isCa !== undefined && readBoolean(isCa),
    pathLength: pathLength === undefined ? undefined : readCount(pathLength),
  }
}

export const basicConstraints: ExtensionReader = (value) => {
  const { isCa, pathLength } = shownBasicConstraints(value)
  if (!isCa) return ['not a certificate authority']
  return ['a certificate authority', `${authorityCount(pathLength)} below it`]
}

function authorityCount(limit: number | undefined): string {
  if (limit === undefined) return 'any number of authorities'
  if (limit === 0) return 'no authorities'
  return limit === 1 ? 'at most one authority' : `at most ${limit} authorities`
}

export const nameConstraints: ExtensionReader = (value) => {
  const fields = inside(sequence(value))
  const lines = (kind: string, trees: DerElement | undefined) =>
    trees
      ? mapElements(trees, (tree) => `${kind} ${formatShownName(readShownName(inside(tree).next()))}`)
      : []
  return [
    ...lines('permitted', fields.optional(explicitTag(0))),
    ...lines('excluded', fields.optional(explicitTag(1))),
  ]
}

const idCps = '1.3.6.1.5.5.7.2.1'
const idUserNotice = '1.3.6.1.5.5.7.2.2'

export const policies: ExtensionReader = (value) =>
  mapElements(sequence(value), (policy) => {
    const fields = inside(policy)
    const oid = oidOf(fields.next(tags.objectIdentifier))
    const qualifiers = fields.done ? [] : mapElements(fields.next(tags.sequence), policyQualifier)
    return [named(policyNames, oid), ...qualifiers].join(', ')
  })

function policyQualifier(qualifier: DerElement): string {
  const fields = inside(qualifier)
  const oid = oidOf(fields.next(tags.objectIdentifier))
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
const bmpString = 0x1e

export const policyMappings: ExtensionReader = (value) =>
  mapElements(sequence(value), (mapping) => {
    const fields = inside(mapping)
    const issuers = named(policyNames, oidOf(fields.next(tags.objectIdentifier)))
    return `${issuers} means ${named(policyNames, oidOf(fields.next(tags.objectIdentifier)))}`
  })

export const policyConstraints: ExtensionReader = (value) => {
  const fields = inside(sequence(value))
  const required = fields.optional(implicitTag(0))
  const inhibited = fields.optional(implicitTag(1))
  return [
    ...(required ? [`a policy is required after ${readCount(required)} certificates`] : []),
    ...(inhibited ? [`policies are not mapped after ${readCount(inhibited)} certificates`] : []),
  ]
}

export const inhibitAnyPolicy: ExtensionReader = (value) => [
  `"any policy" counts for nothing after ${readCount(readOne(value, tags.integer))} certificates`,
]

export const accessDescriptions: ExtensionReader = (value) =>
  mapElements(sequence(value), (description) => {
    const fields = inside(description)
    const method = oidOf(fields.next(tags.objectIdentifier))
    return `${accessMethodNames.get(method) ?? method}: ${formatShownName(readShownName(fields.next()))}`
  })

/** DistributionPointName: full names, or one relative to the issuer's. */
function distributionPointName(field: DerElement): string[] {
  const name = inside(field).next()
  return name.tag === explicitTag(0)
    ? readShownNames(name).map(formatShownName)
    : [`relative to the issuer: ${rdnText(readRelativeName(name))}`]
}

export const distributionPoints: ExtensionReader = (value) =>
  mapElements(sequence(value), (point) => {
    const fields = inside(point)
    const name = fields.optional(explicitTag(0))
    const reasons = fields.optional(implicitTag(1))
    const issuer = fields.optional(explicitTag(2))
    return [
      ...(name ? distributionPointName(name) : []),
      ...(issuer ? [`issued by ${readShownNames(issuer).map(formatShownName).join(', ')}`] : []),
      ...(reasons ? [`for ${bitLabels(reasonLabels, reasons).join(', ')}`] : []),
    ].join(', ')
  })

export const issuingDistributionPoint: ExtensionReader = (value) => {
  const fields = inside(sequence(value))
  const name = fields.optional(explicitTag(0))
  const flag = (number: number, words: string) => {
    const field = fields.optional(implicitTag(number))
    return field && readBoolean(field) ? [words] : []
  }
  const scope = [...flag(1, 'certificates of users only'), ...flag(2, 'certificates of authorities only')]
  const reasons = fields.optional(implicitTag(3))
  return [
    ...(name ? distributionPointName(name) : []),
    ...scope,
    ...(reasons ? [`for ${bitLabels(reasonLabels, reasons).join(', ')} only`] : []),
    ...flag(4, 'certificates of several issuers'),
    ...flag(5, 'attribute certificates only'),
  ]
}

export const authorityKeyIdentifier: ExtensionReader = (value) => {
  const fields = inside(sequence(value))
  const identifier = fields.optional(implicitTag(0))
  const issuer = fields.optional(explicitTag(1))
  const serial = fields.optional(implicitTag(2))
  return [
    ...(identifier ? [toHex(identifier.content)] : []),
    ...(issuer ? readShownNames(issuer).map((name) => `issuer ${formatShownName(name)}`) : []),
    ...(serial ? [`serial ${toHex(serial.content)}`] : []),
  ]
}

export const subjectKeyIdentifier: ExtensionReader = (value) => [
  toHex(readOne(value, tags.octetString).content),
]

export const counter: ExtensionReader = (value) => [
  BigInt(`0x${toHex(readOne(value, tags.integer).content)}`).toString(),
]

/** RFC 7633: 5 is status_request, which people call must-staple. */
const featureLabels: Record<number, string> = {
  5: 'must staple: an OCSP answer has to come with the handshake (status_request)',
  17: 'several OCSP answers have to come with the handshake (status_request_v2)',
}
export const tlsFeatures: ExtensionReader = (value) =>
  mapElements(sequence(value), readCount).map((feature) => featureLabels[feature] ?? `feature ${feature}`)
