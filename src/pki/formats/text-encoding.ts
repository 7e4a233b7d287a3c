import { wipedTogether } from '../../domain/secret-bytes.ts'

/** A text that may hold a key; wiped with its scope if it is a copy of the input. */
export interface SingleByteText extends Disposable {
  text: Buffer
}

/**
 * Decodes a file to single-byte text: drops a byte order mark and converts UTF-16 (Notepad's "Unicode",
 * PowerShell's `>`). PEM itself is ASCII, so other characters occur only in the text around the blocks; they
 * become `?`.
 */
export function asSingleByteText(bytes: Uint8Array): SingleByteText {
  const view = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  if (view[0] === 0xff && view[1] === 0xfe) return copied(narrow(view, { low: 2, high: 3 }))
  if (view[0] === 0xfe && view[1] === 0xff) return copied(narrow(view, { low: 3, high: 2 }))
  const hasMark = view[0] === 0xef && view[1] === 0xbb && view[2] === 0xbf
  return { text: hasMark ? view.subarray(3) : view, [Symbol.dispose]: () => undefined }
}

function copied(text: Buffer): SingleByteText {
  return { text, ...wipedTogether([text]) }
}

function narrow(view: Buffer, first: { low: number; high: number }): Buffer {
  const text = Buffer.alloc(Math.max(0, (view.length - 2) >> 1))
  for (let i = 0; i < text.length; i++) {
    text[i] = view[first.high + i * 2] === 0 ? (view[first.low + i * 2] as number) : 0x3f
  }
  return text
}
