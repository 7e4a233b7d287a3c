import type { Asn1Node } from '../../contract/certificate-facts.ts'
import { type DerElement, DerReader, readIntegerBytes, readObjectIdentifier, tags, toHex } from './der.ts'
import { accessMethodNames, extensionNames, policyNames, purposeNames } from './object-identifiers.ts'
import { readString, shown } from './verify/distinguished-name.ts'

/** What hostile input may cost: deeper or more elements than these are told by their length alone. */
const deepest = 16
const mostNodes = 200
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
const isConstructed = (tag: number) => (tag & 0x20) !== 0

/** The tree of what `der` holds, or undefined where it is no DER. Offsets count from its first octet. */
export function readAsn1(der: Uint8Array): Asn1Node[] | undefined {
  return readNodes(der, { offset: 0, depth: 0, left: { nodes: mostNodes } })
}

interface Where {
  offset: number
  depth: number
  /** Shared by the whole tree. */
  left: { nodes: number }
}

function readNodes(content: Uint8Array, { offset, depth, left }: Where): Asn1Node[] | undefined {
  const nodes: Asn1Node[] = []
  const reader = new DerReader(content)
  try {
    for (let at = offset; !reader.done;) {
      if (--left.nodes < 0) return undefined
      const element = reader.next()
      nodes.push(readNode(element, { offset: at, depth, left }))
      at += element.bytes.length
    }
  } catch {
    return undefined
  }
  return nodes
}

function readNode(element: DerElement, { offset, depth, left }: Where): Asn1Node {
  const headerLength = element.bytes.length - element.content.length
  const within = { offset: offset + headerLength, depth: depth + 1, left }
  const children = depth < deepest ? childrenOf(element, within) : undefined
  const node = { offset, headerLength, length: element.content.length, tag: tagName(element.tag) }
  return children ? { ...node, children } : { ...node, value: valueText(element) }
}

/** An OCTET STRING often holds more DER; it is taken for that where all of it is one constructed element. */
function childrenOf({ tag, content }: DerElement, where: Where): Asn1Node[] | undefined {
  if (isConstructed(tag)) return readNodes(content, where)
  if (tag !== tags.octetString || !isConstructed(content[0] ?? 0)) return undefined
  const nodes = readNodes(content, where)
  return nodes?.length === 1 ? nodes : undefined
}

function tagName(tag: number): string {
  const known = tagNames[tag]
  if (known) return known
  return `[${classNames[tag >> 6]}${tag & 0x1f}]`
}

function valueText(element: DerElement): string {
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

function identifierText(oid: string): string {
  const name = extensionNames[oid] ?? purposeNames[oid] ?? policyNames[oid] ?? accessMethodNames[oid]
  return name ? `${oid} (${name})` : oid
}

/** Two's complement; what is longer than any counter stands in hexadecimal. */
function integerText(octets: Uint8Array): string {
  if (octets.length > 8) return hexText(octets)
  return BigInt.asIntN(octets.length * 8, BigInt(`0x${toHex(octets)}`)).toString()
}

function hexText(octets: Uint8Array): string {
  const hex = toHex(octets.subarray(0, shownOctets)).replace(/..(?=.)/g, '$& ')
  return octets.length > shownOctets ? `${hex} …` : hex
}

/** The tree in words, a line an element, what is inside another one two spaces further in. */
export function asn1Lines(nodes: Asn1Node[], indent = ''): string[] {
  return nodes.flatMap(({ tag, length, value, children }) =>
    children
      ? [`${indent}${tag}, ${length} bytes`, ...asn1Lines(children, `${indent}  `)]
      : [`${indent}${tag} ${value ?? ''}`.trimEnd()],
  )
}
