import {
  asciiText,
  inside,
  mapElements,
  readObjectIdentifier,
  tags,
  toHex,
  type DerElement,
} from '../asn1/der.ts'

export interface NameAttribute {
  oid: string
  /** The text, or the hexadecimal DER of a value that is not text. */
  text: string
  /** For comparison only, see `canonical`. */
  canonical: string
}

export interface DistinguishedName {
  bytes: Uint8Array
  /** Most general first, as encoded. */
  rdns: NameAttribute[][]
  /** For each RDN a text that is equal exactly when two of them are the same by RFC 5280, section 7.1. */
  rdnKeys: string[]
  /** The same for the whole name. */
  key: string
  isEmpty: boolean
}

const stringTags = {
  utf8: 0x0c,
  numeric: 0x12,
  printable: 0x13,
  teletex: 0x14,
  ia5: 0x16,
  visible: 0x1a,
  universal: 0x1c,
  bmp: 0x1e,
}
const shortNames = new Map<string, string>(
  Object.entries({
    '2.5.4.3': 'CN',
    '2.5.4.6': 'C',
    '2.5.4.7': 'L',
    '2.5.4.8': 'ST',
    '2.5.4.10': 'O',
    '2.5.4.11': 'OU',
    '0.9.2342.19200300.100.1.25': 'DC',
    '1.2.840.113549.1.9.1': 'E',
  }),
)
export const emailAddressOid = '1.2.840.113549.1.9.1'
const commonNameOid = '2.5.4.3'

/** Reads a Name (RFC 5280, section 4.1.2.4). */
export function readName(element: DerElement): DistinguishedName {
  const rdns = mapElements(element, readRelativeName)
  const rdnKeys = rdns.map(relativeNameKey)
  return { bytes: element.bytes, rdns, rdnKeys, key: rdnKeys.join('/'), isEmpty: rdns.length === 0 }
}

/** Reads the attributes of one RelativeDistinguishedName. */
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

/** The text of a character string, or undefined where `value` is none. */
export function readString(value: DerElement): string | undefined {
  const buffer = Buffer.from(value.content)
  switch (value.tag) {
    case stringTags.utf8:
      return buffer.toString('utf8')
    case stringTags.bmp:
      return buffer.length % 2 === 0 ? buffer.swap16().toString('utf16le') : undefined
    case stringTags.universal:
      return universalText(buffer)
    case stringTags.numeric:
    case stringTags.printable:
    case stringTags.teletex:
    case stringTags.ia5:
    case stringTags.visible:
      return asciiText(value.content)
    default:
      return undefined
  }
}

function universalText(buffer: Buffer): string | undefined {
  if (buffer.length % 4 !== 0) return undefined
  const points = Array.from({ length: buffer.length / 4 }, (_, index) => buffer.readUInt32BE(index * 4))
  return points.every((point) => point <= 0x10ffff) ? String.fromCodePoint(...points) : undefined
}

/**
 * RFC 5280, section 7.1: values compare without case, with insignificant space removed, and whatever
 * string type they are encoded in.
 */
function canonicalText(text: string): string {
  return text.normalize('NFKC').toLowerCase().replace(/\s+/g, ' ').trim()
}

export function relativeNameKey(attributes: NameAttribute[]): string {
  return attributes
    .map((attribute) => JSON.stringify([attribute.oid, attribute.canonical]))
    .sort()
    .join('+')
}

/** What to call it: the common name, else the organisation or the most specific attribute. */
export function nameTitle(name: DistinguishedName): string {
  const attributes = name.rdns.flat()
  const last = attributes.findLast((attribute) => attribute.oid === commonNameOid) ?? attributes.at(-1)
  return shown(last?.text ?? '')
}

const longestShown = 120

/**
 * Text from a certificate, fit for a sentence. Control characters could steer a terminal, marks of
 * direction could make one name look like another, and either may be as long as an attacker likes.
 */
export function shown(text: string): string {
  const plain = text.replace(/[\p{Cc}\p{Zl}\p{Zp}\p{Bidi_Control}\ufeff]/gu, '\ufffd')
  return plain.length > longestShown ? `${plain.slice(0, longestShown - 1)}…` : plain
}

/** RFC 4514 without escapes, for sentences. */
export function nameInWords(name: DistinguishedName): string {
  const parts = name.rdns.map((rdn) =>
    rdn.map((a) => `${shortNames.get(a.oid) ?? a.oid}=${a.text}`).join('+'),
  )
  return shown(parts.reverse().join(','))
}

/** Whether `name` lies in the subtree under `base` (RFC 5280, section 4.2.1.10). */
export function isWithin(name: DistinguishedName, base: DistinguishedName): boolean {
  return base.rdnKeys.every((key, index) => key === name.rdnKeys[index])
}
