import { canonicalIp } from '../../domain/ip-address.ts'
import {
  asciiText,
  DerError,
  explicitTag,
  implicitTag,
  inside,
  mapElements,
  tags,
  type DerElement,
} from '../asn1/der.ts'
import { readName, type DistinguishedName } from './distinguished-name.ts'

export type GeneralName =
  | { kind: 'dns' | 'email' | 'uri'; text: string }
  | { kind: 'ip'; octets: Uint8Array }
  | { kind: 'directory'; name: DistinguishedName }
  /** otherName, x400Address, ediPartyName, registeredID: only their tag is read. */
  | { kind: 'other'; tag: number }

const ia5 = (element: DerElement): string => {
  if (element.content.some((octet) => octet > 0x7f)) throw new DerError('a name is not ASCII')
  return asciiText(element.content)
}

/** Reads one GeneralName (RFC 5280, section 4.2.1.6). `ip` may be an address with a mask. */
export function readGeneralName(element: DerElement): GeneralName {
  switch (element.tag) {
    case implicitTag(1):
      return { kind: 'email', text: ia5(element) }
    case implicitTag(2):
      return { kind: 'dns', text: ia5(element) }
    case implicitTag(6):
      return { kind: 'uri', text: ia5(element) }
    case implicitTag(7):
      return { kind: 'ip', octets: element.content }
    case explicitTag(4): {
      const reader = inside(element)
      const name = readName(reader.next(tags.sequence))
      reader.end()
      return { kind: 'directory', name }
    }
    case explicitTag(0):
    case explicitTag(3):
    case explicitTag(5):
    case implicitTag(8):
      return { kind: 'other', tag: element.tag }
    default:
      throw new DerError('a general name is of an unknown kind')
  }
}

/** Reads GeneralNames, at least one. */
export function readGeneralNames(element: DerElement): GeneralName[] {
  const names = mapElements(element, readGeneralName)
  if (names.length === 0) throw new DerError('a list of names is empty')
  return names
}

/** `192.0.2.1`, `2001:db8::1`. */
export function ipText(octets: Uint8Array): string {
  if (octets.length === 4) return octets.join('.')
  const groups = Array.from({ length: 8 }, (_, i) =>
    ((octets[2 * i] ?? 0) * 256 + (octets[2 * i + 1] ?? 0)).toString(16),
  )
  return canonicalIp(groups.join(':')) as string
}

/** Host names for comparison with constraints. Underscores are in use although hosts may not have them. */
export const dnsLabels = /^([a-z0-9_]([a-z0-9_-]*[a-z0-9_])?\.)*[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?$/i

/** A host name, with a leading dot for all beneath it; empty for all hosts. */
export function isHostConstraint(text: string): boolean {
  return text === '' || dnsLabels.test(text.replace(/^\./, ''))
}
