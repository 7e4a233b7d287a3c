/** Octets of a lower-case field name (RFC 9113, section 8.2.1; RFC 9110, section 5.6.2). */
const nameOctets = new Uint8Array(256)
for (const octet of Buffer.from("!#$%&'*+-.^_`|~0123456789abcdefghijklmnopqrstuvwxyz")) nameOctets[octet] = 1

/** Octets of a field value. Control characters are refused, as llhttp does for HTTP/1.1. */
const valueOctets = new Uint8Array(256).fill(1, 0x20).fill(0, 0x7f, 0x80)
valueOctets[0x09] = 1

const colon = 0x3a
const space = 0x20
const tab = 0x09

export function isFieldName(bytes: Uint8Array, from: number, end: number): boolean {
  // Pseudo-header fields begin with a colon.
  const start = bytes[from] === colon ? from + 1 : from
  if (start === end) return false
  for (let at = start; at < end; at += 1) if (nameOctets[bytes[at]!] === 0) return false
  return true
}

export function isFieldValue(bytes: Uint8Array, from: number, end: number): boolean {
  if (from === end) return true
  if (isBlank(bytes[from]!) || isBlank(bytes[end - 1]!)) return false
  for (let at = from; at < end; at += 1) if (valueOctets[bytes[at]!] === 0) return false
  return true
}

/** Whether a name or value consists of octets of Latin-1 that a field may have. */
export function hasFieldOctets(text: string): boolean {
  for (let at = 0; at < text.length; at += 1) if (valueOctets[text.charCodeAt(at)] !== 1) return false
  return true
}

function isBlank(octet: number): boolean {
  return octet === space || octet === tab
}
