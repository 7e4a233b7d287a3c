/** Writes DER exactly as asked, also invalid DER that no issuer would write. */
export function element(tag: number, ...content: Uint8Array[]): Uint8Array {
  const body = Buffer.concat(content)
  return Buffer.concat([Uint8Array.of(tag), length(body.length), body])
}

function length(size: number): Uint8Array {
  if (size < 0x80) return Uint8Array.of(size)
  const octets = Buffer.from(size.toString(16).padStart(size > 0xffff ? 6 : size > 0xff ? 4 : 2, '0'), 'hex')
  return Buffer.concat([Uint8Array.of(0x80 | octets.length), octets])
}

export const sequence = (...content: Uint8Array[]): Uint8Array => element(0x30, ...content)
export const set = (...content: Uint8Array[]): Uint8Array => element(0x31, ...content)
export const octetString = (content: Uint8Array): Uint8Array => element(0x04, content)
export const bitString = (content: Uint8Array, unused = 0): Uint8Array =>
  element(0x03, Uint8Array.of(unused), content)
export const boolean = (value: boolean): Uint8Array => element(0x01, Uint8Array.of(value ? 0xff : 0))
export const text = (tag: number, value: string): Uint8Array => element(tag, Buffer.from(value, 'utf8'))
export const utf8 = (value: string): Uint8Array => text(0x0c, value)
export const explicit = (number: number, ...content: Uint8Array[]): Uint8Array =>
  element(0xa0 | number, ...content)
export const implicit = (number: number, content: Uint8Array): Uint8Array => element(0x80 | number, content)

function integerOctets(value: number | bigint): Uint8Array {
  const digits = value.toString(16)
  const octets = Buffer.from(digits.length % 2 ? `0${digits}` : digits, 'hex')
  return (octets[0] ?? 0) >= 0x80 ? Buffer.concat([Uint8Array.of(0), octets]) : octets
}

export const integer = (value: number | bigint): Uint8Array => element(0x02, integerOctets(value))

export function objectIdentifier(dotted: string): Uint8Array {
  const [first = 0n, second = 0n, ...rest] = dotted.split('.').map(BigInt)
  return element(0x06, ...[first * 40n + second, ...rest].map(base128))
}

function base128(arc: bigint): Uint8Array {
  const octets = [Number(arc & 0x7fn)]
  for (let rest = arc >> 7n; rest > 0n; rest >>= 7n) octets.unshift(Number(rest & 0x7fn) | 0x80)
  return Uint8Array.from(octets)
}

/** UTCTime up to 2049, GeneralizedTime after (RFC 5280, section 4.1.2.5). */
export function time(date: Date): Uint8Array {
  const digits = date
    .toISOString()
    .replace(/\.\d+Z$/, 'Z')
    .replace(/[-:T]/g, '')
  const isUtc = date.getUTCFullYear() >= 1950 && date.getUTCFullYear() < 2050
  return isUtc ? text(0x17, digits.slice(2)) : text(0x18, digits)
}
