import { SecretBytes } from '../../domain/secret-bytes.ts'

/**
 * Base64 (RFC 4648, section 4) from bytes to bytes. Keys pass through here, so their text never becomes a
 * string: strings cannot be zeroed.
 */
const alphabet = Buffer.from('ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/', 'latin1')
const pad = 0x3d
const values = new Int8Array(256).fill(-1)
alphabet.forEach((character, value) => (values[character] = value))

const newline = 0x0a
const isSpace = (byte: number) => byte === 0x20 || (byte >= 0x09 && byte <= 0x0d)

/** Byte offset and reason of a decoding error. */
export interface Base64Fault {
  offset: number
  reason: string
}

/**
 * Decodes base64 with any white space, and with the two characters `
 * ` (or `\r`) that environment variables and JSON use for a line end.
 */
export function decodeBase64(text: Uint8Array): { bytes: Buffer } | { fault: Base64Fault } {
  using scratch = new SecretBytes(ownBuffer(Math.floor((text.length * 3) / 4) + 3))
  const { bytes } = scratch
  let length = 0
  let buffered = 0
  let bufferedBits = 0
  let characters = 0
  let padding = 0
  const fail = (offset: number, reason: string) => ({ fault: { offset, reason } })
  for (let i = 0; i < text.length; i++) {
    const byte = text[i] as number
    if (isSpace(byte)) continue
    if (isEscapedLineEnd(text, i)) {
      i++
      continue
    }
    if (byte === pad) {
      if (++padding > 2) return fail(i, 'there is more padding ("=") than base64 has')
      continue
    }
    const value = values[byte] as number
    if (value < 0) return fail(i, 'a character is not base64')
    if (padding > 0) return fail(i, 'base64 goes on after its padding ("=")')
    characters++
    buffered = ((buffered << 6) | value) & 0xffff
    bufferedBits += 6
    if (bufferedBits >= 8) {
      bufferedBits -= 8
      bytes[length++] = (buffered >> bufferedBits) & 0xff
    }
  }
  if (characters % 4 === 1) return fail(text.length, 'the base64 breaks off')
  if (padding > 0 && (characters + padding) % 4 !== 0)
    return fail(text.length, 'the base64 padding ("=") is wrong')
  const exact = ownBuffer(length)
  bytes.copy(exact, 0, 0, length)
  return { bytes: exact }
}

/**
 * Allocates outside the V8 heap. V8 keeps arrays of up to 64 bytes in its heap, where the garbage collector
 * moves a short key and leaves copies that are never zeroed.
 */
function ownBuffer(size: number): Buffer {
  return Buffer.from(new ArrayBuffer(size))
}

function isEscapedLineEnd(text: Uint8Array, index: number): boolean {
  return text[index] === 0x5c && (text[index + 1] === 0x6e || text[index + 1] === 0x72)
}

/** Base64 of `bytes` in lines of `columns` characters, each ended by a line feed. */
export function encodeBase64Lines(bytes: Uint8Array, columns = 64): Buffer {
  const characters = Math.ceil(bytes.length / 3) * 4
  const text = Buffer.alloc(characters + Math.ceil(characters / columns))
  let at = 0
  let column = 0
  const put = (character: number) => {
    text[at++] = character
    if (++column === columns) {
      text[at++] = newline
      column = 0
    }
  }
  for (let i = 0; i < bytes.length; i += 3) {
    const left = bytes.length - i
    const three = ((bytes[i] as number) << 16) | ((bytes[i + 1] ?? 0) << 8) | (bytes[i + 2] ?? 0)
    put(alphabet[three >> 18] as number)
    put(alphabet[(three >> 12) & 63] as number)
    put(left > 1 ? (alphabet[(three >> 6) & 63] as number) : pad)
    put(left > 2 ? (alphabet[three & 63] as number) : pad)
  }
  if (column > 0) text[at++] = newline
  return text.subarray(0, at)
}
