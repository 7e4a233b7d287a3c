import { inside, mapElements, readObjectIdentifier, tags, toHex, type DerElement } from '../asn1/der.ts'
import { readString, shown } from '../asn1/strings.ts'

export interface NameAttribute {
  oid: string
  /** The text, or the hexadecimal DER of a value that is not text. */
  text: string
  /** Comparison key, see `canonicalText`. */
  canonical: string
}

export interface DistinguishedName {
  bytes: Uint8Array
  /** Most general first, as encoded. */
  rdns: NameAttribute[][]
  /** Comparison key for each RDN: equal exactly for equal RDNs by RFC 5280, section 7.1. */
  rdnKeys: string[]
  /** Comparison key for the whole name. */
  key: string
  isEmpty: boolean
}

export const emailAddressOid = '1.2.840.113549.1.9.1'
export const commonNameOid = '2.5.4.3'

/** Reads a Name (RFC 5280, section 4.1.2.4). */
export function readName(element: DerElement): DistinguishedName {
  const rdns = mapElements(element, readRelativeName)
  const rdnKeys = rdns.map(relativeNameKey)
  return { bytes: element.bytes, rdns, rdnKeys, key: rdnKeys.join('/'), isEmpty: rdns.length === 0 }
}

export function readRelativeName(set: DerElement): NameAttribute[] {
  return mapElements(set, (attribute) => {
    const fields = inside(attribute)
    const oid = readObjectIdentifier(fields.next(tags.objectIdentifier))
    const value = fields.next()
    fields.end()
    const text = readString(value)
    return text === undefined
      ? { oid, text: `#${toHex(value.bytes)}`, canonical: `#${toHex(value.bytes)}` }
      : { oid, text, canonical: canonicalText(text) }
  })
}

/** RFC 5280, section 7.1: comparison ignores case, insignificant space and string type. */
function canonicalText(text: string): string {
  return text.normalize('NFKC').toLowerCase().replace(/\s+/g, ' ').trim()
}

export function relativeNameKey(attributes: NameAttribute[]): string {
  return attributes
    .map((attribute) => JSON.stringify([attribute.oid, attribute.canonical]))
    .sort()
    .join('+')
}

/** Display name: the common name, else the organisation or the most specific attribute. */
export function nameTitle(name: DistinguishedName): string {
  const attributes = name.rdns.flat()
  const last = attributes.findLast((attribute) => attribute.oid === commonNameOid) ?? attributes.at(-1)
  return shown(last?.text ?? '')
}

/** Whether `name` is in the subtree of `base` (RFC 5280, section 4.2.1.10). */
export function isWithin(name: DistinguishedName, base: DistinguishedName): boolean {
  return base.rdnKeys.every((key, index) => key === name.rdnKeys[index])
}
