import { readFileSync } from 'node:fs'

let unread: string[] | undefined

/**
 * Standard input line by line, read at once where it is wanted; undefined after its end. Whoever
 * asks gets the next line: one input may hold the passphrase of the vault and then that of a key.
 */
export function stdinLines(isWanted: boolean): { next(): string | undefined } {
  if (isWanted) unread ??= readFileSync(0, 'utf8').split(/\r?\n/)
  return { next: () => (isWanted ? unread?.shift() : undefined) }
}
