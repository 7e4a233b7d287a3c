import { readFileSync } from 'node:fs'
import { join } from 'node:path'

const root = join(import.meta.dirname, '../../..')

/** A command as a page of the guide prints it in a block for the shell. */
export interface GuideCommand {
  page: string
  /** Line of the page, from 1. */
  line: number
  /** Without the comment behind it. */
  text: string
  /** Printed answer, without the lines that stand for omitted ones; empty in a block for the shell. */
  answer: string[]
}

/** Every command of a page's `sh` blocks, and of its `text` blocks the lines after a `$`, in page order. */
export function guideCommands(page: string): GuideCommand[] {
  const lines = readFileSync(join(root, page), 'utf8').split('\n')
  const commands: GuideCommand[] = []
  let block: string | undefined
  for (const [at, whole] of lines.entries()) {
    const fence = /^\s*```(\w*)$/.exec(whole)
    if (fence) {
      block = block === undefined ? (fence[1] ?? '') : undefined
      continue
    }
    const printed = block === 'sh' ? whole : block === 'text' ? /^\$ (.*)$/.exec(whole)?.[1] : undefined
    const text = printed === undefined ? '' : withoutComment(printed.trim())
    if (text !== '') commands.push({ page, line: at + 1, text, answer: [] })
    else if (block === 'text' && !/^(?:\s*….*)?$/.test(whole)) commands.at(-1)?.answer.push(whole)
  }
  return commands
}

/** A comment begins with a # after white space, outside quotes. */
function withoutComment(text: string): string {
  let quote = ''
  for (const [at, letter] of [...text].entries()) {
    if (quote) quote = letter === quote ? '' : quote
    else if (letter === '"' || letter === "'") quote = letter
    else if (letter === '#' && (at === 0 || /\s/.test(text.charAt(at - 1)))) return text.slice(0, at).trim()
  }
  return text
}
