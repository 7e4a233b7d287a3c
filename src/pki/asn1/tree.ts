import type { Asn1Element, Asn1Part } from '../../contract/inspect/asn1.ts'
import { EdgekeepError } from '../../contract/errors/registry.ts'
import { isConstructed, tagName, valueText } from './values.ts'
import { type DerElement, DerError, DerReader, tags, toHex } from './der.ts'

/** Limits of one response; deeper or further elements are requested by their offset. */
const mostElements = 600
const deepest = 24
const shownBytes = 4096

/** Limits for hostile input that is printed at once. */
const maxDescribedElements = 200
const maxDescribedDepth = 16

/**
 * Reads the element of `der` at `offset` with `depth` levels of its content. Elements past the limits are
 * omitted; their parents are still marked as having content.
 * @throws EdgekeepError `input.invalid` if no element begins there
 */
export function asn1Part(der: Uint8Array, { offset = 0, depth = 4 } = {}): Asn1Part {
  const left = { elements: mostElements }
  const reader = new DerReader(der.subarray(offset))
  try {
    const element = reader.next()
    const levels = Math.min(depth, deepest)
    return {
      element: describe(element, offset, levels, left),
      sizeBytes: der.length,
      hex: toHex(element.bytes.subarray(0, shownBytes)),
      shownBytes: Math.min(element.bytes.length, shownBytes),
    }
  } catch (error) {
    if (!(error instanceof DerError)) throw error
    const reason = `No ASN.1 element begins at byte ${offset}.`
    throw new EdgekeepError('input.invalid', { reason }, { cause: error })
  }
}

interface Left {
  elements: number
}

function describe(element: DerElement, offset: number, depth: number, left: Left): Asn1Element {
  const headerLength = element.bytes.length - element.content.length
  const about = { offset, headerLength, length: element.content.length, tag: tagName(element.tag) }
  const within = innerOf(element)
  if (!within) return { ...about, value: valueText(element), constructed: false }
  if (depth === 0 || left.elements <= 0) return { ...about, constructed: true }
  const start = offset + headerLength + within.skipped
  const children = childrenOf(within.content, start, depth - 1, left)
  return children
    ? { ...about, constructed: true, children }
    : { ...about, value: valueText(element), constructed: false }
}

interface Inner {
  content: Uint8Array
  /** Content octets to skip: the count of unused bits. */
  skipped: number
}

/**
 * OCTET and BIT STRINGs often contain DER; they count as such if the whole content is one constructed
 * element.
 */
function innerOf({ tag, content }: DerElement): Inner | undefined {
  if (isConstructed(tag)) return { content, skipped: 0 }
  if (tag === tags.octetString && isOneElement(content)) return { content, skipped: 0 }
  if (tag === tags.bitString && content[0] === 0 && isOneElement(content.subarray(1)))
    return { content: content.subarray(1), skipped: 1 }
  return undefined
}

function isOneElement(content: Uint8Array): boolean {
  if (!isConstructed(content[0] ?? 0)) return false
  try {
    const reader = new DerReader(content)
    reader.next()
    return reader.done
  } catch {
    return false
  }
}

/** Returns undefined if `content` is not DER. */
function childrenOf(
  content: Uint8Array,
  start: number,
  depth: number,
  left: Left,
): Asn1Element[] | undefined {
  const children: Asn1Element[] = []
  const reader = new DerReader(content)
  try {
    for (let at = start; !reader.done && left.elements > 0;) {
      left.elements -= 1
      const element = reader.next()
      children.push(describe(element, at, depth, left))
      at += element.bytes.length
    }
  } catch (error) {
    if (!(error instanceof DerError)) throw error
    return undefined
  }
  return children
}

/**
 * Reads all elements of `der`. Past the limits only the outermost ones; undefined if these exceed the limits
 * too, or if it is not DER.
 */
export function readAsn1(der: Uint8Array): Asn1Element[] | undefined {
  return elementsWithin(der, maxDescribedDepth) ?? elementsWithin(der, 0)
}

function elementsWithin(der: Uint8Array, depth: number): Asn1Element[] | undefined {
  const left = { elements: maxDescribedElements }
  const elements = childrenOf(der, 0, depth, left)
  return left.elements > 0 ? elements : undefined
}

/** Formats the tree with a line per element, children indented by two spaces. */
export function asn1Lines(elements: Asn1Element[], indent = ''): string[] {
  return elements.flatMap(({ tag, length, value, constructed, children = [] }) =>
    constructed
      ? [`${indent}${tag}, ${length} bytes`, ...asn1Lines(children, `${indent}  `)]
      : [`${indent}${tag} ${value ?? ''}`.trimEnd()],
  )
}
