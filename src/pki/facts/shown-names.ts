import { rfc4514 } from './format-name.ts'
import {
  asciiText,
  type DerElement,
  DerError,
  explicitTag,
  implicitTag,
  inside,
  mapElements,
  readObjectIdentifier,
  readOne,
  tags,
  toHex,
} from '../asn1/der.ts'
import { readName } from '../x509/distinguished-name.ts'
import { ipText } from '../x509/general-names.ts'

/** A GeneralName (RFC 5280, section 4.2.1.6) for display; the verifier has a reader of its own. */
export interface ShownName {
  kind: 'dns' | 'ip' | 'email' | 'uri' | 'other'
  text: string
}

const kindLabels = { dns: 'DNS', ip: 'IP', email: 'e-mail', uri: 'URI', other: '' } as const

/** @throws DerError */
export function readShownName(element: DerElement): ShownName {
  switch (element.tag) {
    case implicitTag(1):
      return { kind: 'email', text: asciiText(element.content) }
    case implicitTag(2):
      return { kind: 'dns', text: asciiText(element.content) }
    case implicitTag(6):
      return { kind: 'uri', text: asciiText(element.content) }
    case implicitTag(7):
      return { kind: 'ip', text: addressText(element.content) }
    default:
      return { kind: 'other', text: otherText(element) }
  }
}

/** A sequence of names, or an element with its tag. @throws DerError */
export function readShownNames(sequence: DerElement): ShownName[] {
  return mapElements(sequence, readShownName)
}

/** `DNS shop.test`, `IP 127.0.0.1`, `directory name CN=a`. */
export function formatShownName({ kind, text }: ShownName): string {
  return kind === 'other' ? text : `${kindLabels[kind]} ${text}`
}

function otherText(element: DerElement): string {
  switch (element.tag) {
    case explicitTag(0):
      return `other name ${readObjectIdentifier(inside(element).next(tags.objectIdentifier))}`
    case explicitTag(4):
      return `directory name ${rfc4514(readName(readOne(element.content, tags.sequence)))}`
    case implicitTag(8):
      return `registered ID ${readObjectIdentifier(element)}`
    case explicitTag(3):
      return 'an X.400 address'
    case explicitTag(5):
      return 'an EDI party name'
    default:
      throw new DerError('a general name is of an unknown kind')
  }
}

/** An address, or one with the mask of a name constraint. */
function addressText(octets: Uint8Array): string {
  if (octets.length === 4 || octets.length === 16) return ipText(octets)
  if (octets.length !== 8 && octets.length !== 32) return `of ${octets.length} bytes: ${toHex(octets)}`
  const half = octets.length / 2
  const bits = [...octets.subarray(half)].map((byte) => byte.toString(2).padStart(8, '0')).join('')
  const prefix = bits.indexOf('0') < 0 ? bits.length : bits.indexOf('0')
  const isPrefix = !bits.slice(prefix).includes('1')
  return `${ipText(octets.subarray(0, half))}/${isPrefix ? prefix : ipText(octets.subarray(half))}`
}
