/** Line of HAProxy's configuration, without its comment. */
export interface Line {
  tokens: string[]
  file: string
  line: number
}

/** `frontend`, `backend`, `listen`, `defaults` or another section, with its lines. */
export interface Section extends Line {
  kind: string
  /** Empty without one. */
  name: string
  lines: Line[]
}

const sectionKinds = new Set([
  'global',
  'defaults',
  'frontend',
  'backend',
  'listen',
  'userlist',
  'peers',
  'mailers',
  'resolvers',
  'cache',
  'program',
  'http-errors',
  'ring',
  'log-forward',
  'log-profile',
  'crt-store',
  'fcgi-app',
  'traces',
  'acme',
])

/** Splits the text of a file into sections; lines before the first one are ignored, as they are not HAProxy's. */
export function parseHaproxy(text: string, file: string): Section[] {
  const sections: Section[] = []
  for (const [index, written] of text.split('\n').entries()) {
    const tokens = tokensOf(written)
    const [first, second] = tokens
    if (first === undefined) continue
    const line = { tokens, file, line: index + 1 }
    if (sectionKinds.has(first)) sections.push({ ...line, kind: first, name: second ?? '', lines: [] })
    else sections.at(-1)?.lines.push(line)
  }
  return sections
}

/**
 * Words of a line (HAProxy's configuration manual, section 2.2): quotes, of which the strong ones take all
 * literally, escapes, and comments.
 */
function tokensOf(line: string): string[] {
  const tokens: string[] = []
  let word: string | null = null
  let quote: '"' | "'" | null = null
  for (let at = 0; at < line.length; at += 1) {
    const character = line[at] ?? ''
    if (quote) {
      if (character === quote) quote = null
      else if (quote === '"' && isEscape(line, at)) word += line[(at += 1)] ?? ''
      else word += character
    } else if (character === '"' || character === "'") {
      quote = character
      word ??= ''
    } else if (isEscape(line, at)) word = (word ?? '') + (line[(at += 1)] ?? '')
    else if (character === '#') break
    else if (/\s/.test(character)) {
      if (word !== null) tokens.push(word)
      word = null
    } else word = (word ?? '') + character
  }
  return word === null ? tokens : [...tokens, word]
}

/** A backslash before another character stands for itself. */
function isEscape(line: string, at: number): boolean {
  return line[at] === '\\' && /[\\ #"'$]/.test(line[at + 1] ?? '')
}
