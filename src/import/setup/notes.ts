import type { Note } from '../../contract/imports/imports.ts'
import type { FoundAt } from './found.ts'

/** Collects notes, each once: a rule that is read for several domains has one. */
export interface NoteTaker {
  left(at: FoundAt, what: string, why: string): void
  differs(at: FoundAt, what: string, why: string): void
}

export function noteTaker(notes: Note[]): NoteTaker {
  const taken = new Set<string>()
  const taker =
    (kind: Note['kind']) =>
    ({ file, line }: FoundAt, what: string, why: string) => {
      const note = { kind, file, line, what: safeName(what), why }
      const key = JSON.stringify(note)
      if (!taken.has(key)) notes.push(note)
      taken.add(key)
    }
  return { left: taker('left'), differs: taker('differs') }
}

/**
 * Name of a directive, or "a line" for text that does not look like one: a file that is no configuration may
 * be a key or a list of passwords, and its text must not be shown.
 */
function safeName(what: string): string {
  return /^[\w.*@:/ -]{1,60}$/.test(what) && !/[A-Za-z0-9+/]{41}/.test(what) ? what : 'a line'
}
