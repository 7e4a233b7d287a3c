import { dirname, resolve } from 'node:path'
import { type Directive, unreadableNote } from '../setup/directive.ts'
import type { Note } from '../../contract/imports/imports.ts'
import type { BoundedFiles } from '../setup/found.ts'
import { includedFiles } from '../setup/included-files.ts'
import { parseNginx } from './nginx-syntax.ts'

/** Parses a file with all that it includes. Files that cannot be read are notes. */
export function readNginxFile(path: string, files: BoundedFiles, notes: Note[]): Directive[] {
  const prefix = dirname(path)

  function read(file: string, above: string[]): Directive[] {
    try {
      return expanded(parseNginx(files.text(file), file), [...above, file])
    } catch (error) {
      notes.push(unreadableNote(file, error, 'nginx'))
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
    const why = (reason: string) =>
      void notes.push({ kind: 'left', file, line, what: 'include', why: reason })
    return includedFiles({ pattern, above, why }, files).flatMap((each) => read(each, above))
  }

  return read(path, [])
}
