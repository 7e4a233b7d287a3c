import { type Directive, mostDepth, SyntaxFault } from '../setup/directive.ts'

interface Line {
  text: string
  line: number
}

/**
 * Parses the text of one file as `ap_build_config` of Apache does: a directive a line, `\` at its end continues it,
 * `<Section>` to `</Section>`. Names are in lower case, since Apache ignores their case.
 * @throws SyntaxFault
 */
export function parseApache(text: string, file: string): Directive[] {
  const top: Directive[] = []
  const open: { name: string; block: Directive[] }[] = [{ name: '', block: top }]
  for (const { text: written, line } of linesOf(text)) {
    const close = /^<\/([\w-]+)\s*>$/.exec(written)
    if (close) {
      const closed = open.length > 1 ? open.pop() : undefined
      if (closed?.name !== close[1]?.toLowerCase())
        throw new SyntaxFault(line, 'a section is closed that is not open')
      continue
    }
    const isSection = written.startsWith('<')
    if (isSection && !written.endsWith('>')) throw new SyntaxFault(line, 'a section has no ">"')
    const [name = '', ...args] = argumentsOf(isSection ? written.slice(1, -1) : written)
    if (!/^[\w-]+$/.test(name)) throw new SyntaxFault(line, 'a line is no directive')
    const directive = { name: name.toLowerCase(), args, file, line, block: isSection ? [] : null }
    open.at(-1)?.block.push(directive)
    if (directive.block) open.push({ name: directive.name, block: directive.block })
    if (open.length > mostDepth) throw new SyntaxFault(line, 'its sections are nested too deep')
  }
  if (open.length > 1) throw new SyntaxFault(text.split('\n').length, 'a section is not closed')
  return top
}

/** Lines with a directive; a continued one has the number of its first line. */
function linesOf(text: string): Line[] {
  const lines: Line[] = []
  let continued: Line | null = null
  for (const [index, written] of text.split('\n').entries()) {
    const bare = written.replace(/\r$/, '')
    const line: Line = continued ?? { text: '', line: index + 1 }
    const isContinued = bare.endsWith('\\')
    line.text += isContinued ? bare.slice(0, -1) : bare
    continued = isContinued ? line : null
    if (!isContinued) lines.push({ ...line, text: line.text.trim() })
  }
  if (continued) lines.push(continued)
  return lines.filter(({ text: each }) => each !== '' && !each.startsWith('#'))
}

/** Words of `ap_getword_conf`: a quote at the beginning of a word reaches to its like. */
function argumentsOf(text: string): string[] {
  const found: string[] = []
  for (let at = 0; at < text.length;) {
    const quote = text[at]
    if (quote === ' ' || quote === '\t') at += 1
    else if (quote === '"' || quote === "'") {
      let word = ''
      for (at += 1; at < text.length && text[at] !== quote; at += 1) {
        const next = text[at + 1]
        if (text[at] === '\\' && (next === quote || next === '\\')) at += 1
        word += text[at]
      }
      at += 1
      found.push(word)
    } else {
      const start = at
      while (at < text.length && text[at] !== ' ' && text[at] !== '\t') at += 1
      found.push(text.slice(start, at))
    }
  }
  return found
}
