import { basename, dirname, join, matchesGlob, resolve } from 'node:path'
import { UnreadableFile } from '../setup/bounded-files.ts'
import type { BoundedFiles, Note } from '../setup/found.ts'
import { type Directive, parseNginx, SyntaxFault } from './nginx-syntax.ts'

const mostIncludes = 16

/** Parses a file with all that it includes. Files that cannot be read are notes. */
export function readNginxFile(path: string, files: BoundedFiles, notes: Note[]): Directive[] {
  const prefix = dirname(path)

  function read(file: string, above: string[]): Directive[] {
    try {
      return expanded(parseNginx(files.text(file), file), [...above, file])
    } catch (error) {
      notes.push(unreadable(file, error))
      return []
    }
  }

  function expanded(block: Directive[], above: string[]): Directive[] {
    return block.flatMap((one) =>
      one.name === 'include' && !one.block
        ? included(one, above)
        : [{ ...one, block: one.block && expanded(one.block, above) }],
    )
  }

  function included({ file, line, args }: Directive, above: string[]): Directive[] {
    const pattern = resolve(prefix, args[0] ?? '')
    const why = (reason: string) => notes.push({ kind: 'left', file, line, what: 'include', why: reason })
    if (/[*?[]/.test(dirname(pattern))) {
      why('Only the last part of its path may have wildcards here.')
      return []
    }
    const found = /[*?[]/.test(basename(pattern)) ? matching(pattern) : [pattern]
    return found.flatMap((each) => {
      if (above.includes(each)) why('It includes itself.')
      else if (above.length > mostIncludes) why('Files include each other too deep.')
      else return read(each, above)
      return []
    })
  }

  function matching(pattern: string): string[] {
    const folder = dirname(pattern)
    // glob(3): a name that begins with a dot needs one in the pattern.
    const shown = files.names(folder).filter((name) => !name.startsWith('.'))
    return shown.filter((name) => matchesGlob(name, basename(pattern))).map((name) => join(folder, name))
  }

  return read(path, [])
}

function unreadable(file: string, error: unknown): Note {
  if (error instanceof SyntaxFault)
    return {
      kind: 'left',
      file,
      line: error.line,
      what: basename(file),
      why: `Its syntax is not nginx's: ${error.message}.`,
    }
  if (error instanceof UnreadableFile)
    return { kind: 'left', file, what: basename(file), why: `The file cannot be read: ${error.message}.` }
  throw error
}
