import { basename } from 'node:path'
import { UnreadableFile } from './bounded-files.ts'
import type { Note } from '../../contract/imports/imports.ts'

/** Directive of a configuration, with its place. */
export interface Directive {
  name: string
  args: string[]
  file: string
  line: number
  /** Directives inside of it; null for one without a block. */
  block: Directive[] | null
}

/** Fault of the syntax; `message` is a reason without text of the file. */
export class SyntaxFault extends Error {
  readonly line: number
  constructor(line: number, reason: string) {
    super(reason)
    this.line = line
  }
}

/** Deepest nesting of blocks. */
export const mostDepth = 40

/** Note on a file that is left for its syntax or because it cannot be read; other errors are thrown. */
export function unreadableNote(file: string, error: unknown, program: string): Note {
  const left = { kind: 'left' as const, file, what: basename(file) }
  if (error instanceof SyntaxFault)
    return { ...left, line: error.line, why: `Its syntax is not ${program}'s: ${error.message}.` }
  if (error instanceof UnreadableFile) return { ...left, why: `The file cannot be read: ${error.message}.` }
  throw error
}
