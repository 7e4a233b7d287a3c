import { tags } from './der.ts'

/** One DER element (X.690, section 8.1) around its content. */
export function element(tag: number, ...content: Uint8Array[]): Buffer {
  const body = Buffer.concat(content)
  return Buffer.concat([Uint8Array.of(tag), lengthOf(body.length), body])
}

export const sequence = (...content: Uint8Array[]): Buffer => element(tags.sequence, ...content)
export const octetString = (content: Uint8Array): Buffer => element(tags.octetString, content)
/** A BIT STRING without unused bits. */
export const bitString = (content: Uint8Array): Buffer => element(tags.bitString, Uint8Array.of(0), content)
export const enumerated = (value: number): Buffer => element(tags.enumerated, Uint8Array.of(value))
export const nothing: Buffer = Buffer.from([0x05, 0x00])

/** A non-negative INTEGER from its magnitude. */
export function integer(magnitude: Uint8Array): Buffer {
  const first = magnitude.findIndex((octet) => octet !== 0)
  const significant = first === -1 ? Uint8Array.of(0) : magnitude.subarray(first)
  const isHigh = ((significant[0] ?? 0) & 0x80) !== 0
  return element(tags.integer, ...(isHigh ? [Uint8Array.of(0)] : []), significant)
}

export function objectIdentifier(dotted: string): Buffer {
  const [first = 0, second = 0, ...rest] = dotted.split('.').map(Number)
  return element(tags.objectIdentifier, ...[first * 40 + second, ...rest].map(base128))
}

/** `20261126093000Z`: GeneralizedTime, in whole seconds. */
export function generalizedTime(at: Date): Buffer {
  return element(tags.generalizedTime, Buffer.from(digitsOf(at)))
}

/** UTCTime until 2049, GeneralizedTime after (RFC 5280, section 4.1.2.5). */
export function time(at: Date): Buffer {
  return at.getUTCFullYear() < 2050
    ? element(tags.utcTime, Buffer.from(digitsOf(at).slice(2)))
    : generalizedTime(at)
}

function digitsOf(at: Date): string {
  return `${at.toISOString().slice(0, 19).replaceAll(/[-:T]/g, '')}Z`
}

function lengthOf(size: number): Uint8Array {
  if (size < 0x80) return Uint8Array.of(size)
  const octets: number[] = []
  for (let rest = size; rest > 0; rest = Math.floor(rest / 256)) octets.unshift(rest % 256)
  return Uint8Array.of(0x80 | octets.length, ...octets)
}

function base128(arc: number): Uint8Array {
  const octets = [arc % 128]
  for (let rest = Math.floor(arc / 128); rest > 0; rest = Math.floor(rest / 128))
    octets.unshift((rest % 128) | 0x80)
  return Uint8Array.from(octets)
}
