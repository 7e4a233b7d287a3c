/** Control and format characters (direction, zero width), line and paragraph ends, lone surrogates. */
const invisible = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu

/**
 * Makes foreign text safe to display: characters that could steer a terminal, end a line or make one name
 * look like another become their code, `\u001b`. Within JSON that means the same character.
 */
export function visibleText(text: string): string {
  return text.replace(invisible, (character) =>
    Array.from({ length: character.length }, (_, index) => escaped(character.charCodeAt(index))).join(''),
  )
}

/** The same for text of several lines; line ends stay. */
export function visibleLines(text: string): string {
  return text.split('\n').map(visibleText).join('\n')
}

function escaped(unit: number): string {
  return `\\u${unit.toString(16).padStart(4, '0')}`
}
