import { sentences } from '../../contract/text/sentences.ts'
import type { GlobalOptions } from '../frame/command.ts'

/** Sentence for somebody without a domain; its command is for the same home. */
export function firstDomain({ home }: GlobalOptions): string {
  if (home === undefined) return sentences.firstDomain
  return sentences.firstDomain.replace('edgekeep ', `edgekeep --home ${quoted(home)} `)
}

/** Word for a shell. */
function quoted(path: string): string {
  return /^[\w./:\\-]+$/.test(path) ? path : `'${path}'`
}
