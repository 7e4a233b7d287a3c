import type { Asn1Node } from '../../../contract/certificate-facts.ts'
import { isConstructed, tagName, valueText } from './values.ts'
import { type DerElement, DerReader, tags } from './der.ts'

/** What hostile input may cost: deeper or more elements than these are told by their length alone. */
const deepest = 16
const mostNodes = 200

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

/** The tree in words, a line an element, what is inside another one two spaces further in. */
export function asn1Lines(nodes: Asn1Node[], indent = ''): string[] {
  return nodes.flatMap(({ tag, length, value, children }) =>
    children
      ? [`${indent}${tag}, ${length} bytes`, ...asn1Lines(children, `${indent}  `)]
      : [`${indent}${tag} ${value ?? ''}`.trimEnd()],
  )
}
