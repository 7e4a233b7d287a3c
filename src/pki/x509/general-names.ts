import { domainToASCII } from 'node:url'
import { canonicalIp } from '../../domain/ip-address.ts'
import {
  asciiText,
  DerError,
  explicitTag,
  fault,
  implicitTag,
  only,
  readList,
  tags,
  toHex,
  type DerElement,
} from '../asn1/der.ts'
import { shown } from '../asn1/strings.ts'
import { readName, type DistinguishedName } from './distinguished-name.ts'

export type GeneralName =
  | { kind: 'dns' | 'email' | 'uri'; text: string }
  | { kind: 'ip'; octets: Uint8Array }
  | { kind: 'directory'; name: DistinguishedName }
  /** otherName, x400Address, ediPartyName, registeredID: only their tag is read. */
  | { kind: 'other'; element: DerElement }

const ia5 = (element: DerElement): string => {
  if (element.content.some((octet) => octet > 0x7f)) {
    const given = Buffer.from(element.content).toString('utf8')
    const ascii = domainToASCII(given)
    const right =
      ascii && element.tag === implicitTag(2) ? `: ${shown(given)} has to be written ${ascii}` : ''
    fault(element.faults, `a name is not ASCII${right}`)
  }
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
    case explicitTag(4):
      return { kind: 'directory', name: readName(only(element, tags.sequence)) }
    case explicitTag(0):
    case explicitTag(3):
    case explicitTag(5):
    case implicitTag(8):
      return { kind: 'other', element }
    default:
      throw new DerError('a general name is of an unknown kind')
  }
}

/** Reads GeneralNames, at least one. */
export function readGeneralNames(element: DerElement): GeneralName[] {
  return readList(element, readGeneralName)
}

/** `192.0.2.1`, `2001:db8::1`; a network of a name constraint as `192.0.2.0/24`. */
export function ipText(octets: Uint8Array): string {
  if (octets.length === 4) return octets.join('.')
  if (octets.length === 16) return canonicalIp(groupsOf(octets).join(':')) as string
  if (octets.length !== 8 && octets.length !== 32) return `of ${octets.length} bytes: ${toHex(octets)}`
  const mask = octets.subarray(octets.length / 2)
  const bits = [...mask].map((octet) => octet.toString(2).padStart(8, '0')).join('')
  const prefix = `${bits}0`.indexOf('0')
  const isPrefix = !bits.includes('1', prefix)
  return `${ipText(octets.subarray(0, octets.length / 2))}/${isPrefix ? prefix : ipText(mask)}`
}

function groupsOf(octets: Uint8Array): string[] {
  return Array.from({ length: 8 }, (_, i) =>
    ((octets[2 * i] ?? 0) * 256 + (octets[2 * i + 1] ?? 0)).toString(16),
  )
}

/** The texts of `names`, by kind. */
export function textsOf(names: readonly GeneralName[] = []) {
  const texts = { dns: [] as string[], ip: [] as string[], email: [] as string[], uri: [] as string[] }
  for (const name of names) {
    if (name.kind === 'ip') texts.ip.push(ipText(name.octets))
    else if ('text' in name) texts[name.kind].push(name.text)
  }
  return texts
}

/** Host names for comparison with constraints. Underscores are in use although hosts may not have them. */
export const dnsLabels = /^([a-z0-9_]([a-z0-9_-]*[a-z0-9_])?\.)*[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?$/i

/** A host name, with a leading dot for all beneath it; empty for all hosts. */
export function isHostConstraint(text: string): boolean {
  return text === '' || dnsLabels.test(text.replace(/^\./, ''))
}
