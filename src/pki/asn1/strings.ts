import { asciiText, type DerElement } from './der.ts'

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

/** The text of a character string; undefined for other types. */
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

const longestShown = 120

/**
 * Sanitises text from a certificate for display. Control characters could control a terminal, bidirectional
 * marks could make one name look like another, and the length is the attacker's choice.
 */
export function shown(text: string): string {
  const plain = text.replace(/[\p{Cc}\p{Zl}\p{Zp}\p{Bidi_Control}\ufeff]/gu, '\ufffd')
  return plain.length > longestShown ? `${plain.slice(0, longestShown - 1)}…` : plain
}
