import { type Directive, mostDepth, SyntaxFault } from '../setup/directive.ts'

interface Token {
  line: number
  /** `;`, `{`, `}`, or a word. */
  kind: ';' | '{' | '}' | 'word'
  text: string
}

/**
 * Parses the text of one file as `ngx_conf_read_token` of nginx does: words in quotes or without, escapes,
 * comments, braces.
 * @throws SyntaxFault
 */
export function parseNginx(text: string, file: string): Directive[] {
  const top: Directive[] = []
  const open: Directive[][] = [top]
  let tokens: Token[] = []
  let lastLine = 1
  for (const token of tokensOf(text)) {
    const { kind, line } = token
    const [first, ...rest] = tokens
    lastLine = line
    if (kind === 'word') tokens.push(token)
    else if (kind === '}') {
      if (first || open.length === 1) throw new SyntaxFault(line, 'a "}" is not expected here')
      open.pop()
    } else {
      if (!first) throw new SyntaxFault(line, `a "${kind}" is not expected here`)
      const block = kind === '{' ? [] : null
      const args = rest.map((each) => each.text)
      open.at(-1)?.push({ name: first.text, args, file, line: first.line, block })
      if (block) open.push(block)
      if (open.length > mostDepth) throw new SyntaxFault(line, 'its blocks are nested too deep')
      tokens = []
    }
  }
  if (tokens.length > 0 || open.length > 1) throw new SyntaxFault(lastLine, 'the file ends too early')
  return top
}

function* tokensOf(text: string): Generator<Token> {
  let line = 1
  for (let at = 0; at < text.length;) {
    const character = text[at] ?? ''
    if (character === '\n') line += 1
    if (isSpace(character)) at += 1
    else if (character === '#') {
      const end = text.indexOf('\n', at)
      at = end === -1 ? text.length : end
    } else if (character === ';' || character === '{' || character === '}') {
      yield { kind: character, text: character, line }
      at += 1
    } else {
      const { word, end, lines } = wordAt(text, at, line)
      yield { kind: 'word', text: word, line }
      line += lines
      at = end
    }
  }
}

/** A quote counts only at the beginning of a word; `${` begins a variable and no block. */
function wordAt(text: string, start: number, line: number): { word: string; end: number; lines: number } {
  const quote = text[start] === '"' || text[start] === "'" ? text[start] : null
  const pieces: string[] = []
  let lines = 0
  for (let at = quote ? start + 1 : start; at < text.length; at += 1) {
    const character = text[at] ?? ''
    const next = text[at + 1] ?? ''
    if (quote ? character === quote : isSpace(character) || character === ';' || character === '{')
      return { word: pieces.join(''), end: quote ? at + 1 : at, lines }
    if (character === '\n') lines += 1
    if (character === '\\') pieces.push(unescaped(next))
    else pieces.push(character === '$' && next === '{' ? '${' : character)
    if (character === '\\' || (character === '$' && next === '{')) at += 1
  }
  if (quote) throw new SyntaxFault(line, 'a quote is not closed')
  return { word: pieces.join(''), end: text.length, lines }
}

function unescaped(character: string): string {
  if (character === 't') return '\t'
  if (character === 'r') return '\r'
  if (character === 'n') return '\n'
  return character === '"' || character === "'" || character === '\\' ? character : `\\${character}`
}

function isSpace(character: string): boolean {
  return character === ' ' || character === '\t' || character === '\r' || character === '\n'
}
