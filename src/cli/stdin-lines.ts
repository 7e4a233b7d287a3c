import { readFileSync } from 'node:fs'

/** Standard input line by line, read at once where it is wanted; undefined after its end. */
export function stdinLines(isWanted: boolean): { next(): string | undefined } {
  const lines = isWanted ? readFileSync(0, 'utf8').split(/\r?\n/) : []
  return { next: () => lines.shift() }
}
