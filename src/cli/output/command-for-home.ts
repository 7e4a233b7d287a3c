import { sentences } from '../../contract/text/sentences.ts'
import type { GlobalOptions } from '../frame/command.ts'

/** Sentence for somebody without a domain. */
export function firstDomain(global: GlobalOptions): string {
  return commandFor(global, sentences.firstDomain)
}

/** A text with a command of Edgekeep, for the same home. */
export function commandFor({ home }: GlobalOptions, text: string): string {
  return home === undefined ? text : text.replace('edgekeep ', `edgekeep --home ${quoted(home)} `)
}

/** Word for a shell. */
function quoted(path: string): string {
  return /^[\w./:\\-]+$/.test(path) ? path : `'${path}'`
}
