import { type DerElement, readIntegerBytes, readObjectIdentifier, tags, toHex } from './der.ts'
import {
  accessMethodNames,
  attributeNames,
  extensionNames,
  hashNames,
  keyNames,
  policyNames,
  purposeNames,
  signatureNames,
} from './object-identifiers.ts'
import { readString, shown } from './strings.ts'

/** Longer values are cut, with their length. */
const shownOctets = 64

const tagNames: Record<number, string> = {
  0x01: 'BOOLEAN',
  0x02: 'INTEGER',
  0x03: 'BIT STRING',
  0x04: 'OCTET STRING',
  0x05: 'NULL',
  0x06: 'OBJECT IDENTIFIER',
  0x0a: 'ENUMERATED',
  0x0c: 'UTF8String',
  0x12: 'NumericString',
  0x13: 'PrintableString',
  0x14: 'TeletexString',
  0x16: 'IA5String',
  0x17: 'UTCTime',
  0x18: 'GeneralizedTime',
  0x1a: 'VisibleString',
  0x1c: 'UniversalString',
  0x1e: 'BMPString',
  0x30: 'SEQUENCE',
  0x31: 'SET',
}
const classNames = ['UNIVERSAL ', 'APPLICATION ', '', 'PRIVATE '] as const
export const isConstructed = (tag: number) => (tag & 0x20) !== 0

/** `SEQUENCE`, `[0]`. */
export function tagName(tag: number): string {
  const known = tagNames[tag]
  if (known) return known
  return `[${classNames[tag >> 6]}${tag & 0x1f}]`
}

/** Formats a value in words, else in hexadecimal. */
export function valueText(element: DerElement): string {
  try {
    return valueOf(element)
  } catch {
    return hexText(element.content)
  }
}

function valueOf(element: DerElement): string {
  const { tag, content } = element
  if (tag === tags.null && content.length === 0) return ''
  if (tag === tags.boolean && content.length === 1) return content[0] === 0 ? 'false' : 'true'
  if (tag === tags.objectIdentifier) return identifierText(readObjectIdentifier(element))
  if (tag === tags.integer || tag === tags.enumerated) return integerText(readIntegerBytes(element))
  if (tag === tags.utcTime || tag === tags.generalizedTime)
    return shown(Buffer.from(content).toString('latin1'))
  const text = readString(element)
  return text === undefined ? hexText(content) : `"${shown(text)}"`
}

const identifierNames = [
  extensionNames,
  purposeNames,
  policyNames,
  accessMethodNames,
  attributeNames,
  signatureNames,
  keyNames,
  hashNames,
]

/** `P-256 (1.2.840.10045.3.1.7)` */
function identifierText(oid: string): string {
  const name = identifierNames.map((names) => names.get(oid)).find((found) => found !== undefined)
  return name === undefined ? oid : `${name} (${oid})`
}

/** Two's complement; numbers larger than any counter are hexadecimal. */
function integerText(octets: Uint8Array): string {
  if (octets.length > 8) return hexText(octets)
  return BigInt.asIntN(octets.length * 8, BigInt(`0x${toHex(octets)}`)).toString()
}

function hexText(octets: Uint8Array): string {
  const hex = toHex(octets.subarray(0, shownOctets)).replace(/..(?=.)/g, '$& ')
  return octets.length > shownOctets ? `${hex} …` : hex
}
