import { dirname, join, resolve } from 'node:path'
import { type Directive, SyntaxFault, unreadableNote } from '../setup/directive.ts'
import type { Note } from '../../contract/imports/imports.ts'
import type { BoundedFiles } from '../setup/found.ts'
import { includedFiles } from '../setup/included-files.ts'
import { parseApache } from './apache-syntax.ts'

/** Characters that definitions put in the place of their names: one of others may double each time. */
const mostSubstituted = 4 * 1024 * 1024

/**
 * Parses a file with all that it includes; sections that depend on modules and definitions are replaced by what is
 * in them. Files that cannot be read are notes.
 */
export function readApacheFile(path: string, files: BoundedFiles, notes: Note[]): Directive[] {
  const defined = new Map<string, string>()
  let substitutedLeft = mostSubstituted
  let root = dirname(path)

  function read(file: string, above: string[]): Directive[] {
    try {
      return expanded(parseApache(files.text(file), file), [...above, file])
    } catch (error) {
      notes.push(unreadableNote(file, error, 'Apache'))
      return []
    }
  }

  function expanded(block: Directive[], above: string[]): Directive[] {
    return block.flatMap((written) => {
      const one = { ...written, args: written.args.map((arg) => substituted(arg, written.line)) }
      const [first = ''] = one.args
      if (one.name === 'define') defined.set(first, one.args[1] ?? '')
      if (one.name === 'serverroot') root = resolve(first)
      if (one.name === 'include' || one.name === 'includeoptional') return included(one, above)
      if (!one.block) return [one]
      if (one.name.startsWith('if') && one.name !== 'if')
        return isTaken(one) ? expanded(one.block, above) : []
      return [{ ...one, block: expanded(one.block, above) }]
    })
  }

  const substituted = (text: string, line: number) =>
    text.replace(/\$\{(\w{1,100})\}/g, (written, name: string) => {
      const value = defined.get(name) ?? written
      substitutedLeft -= value.length
      if (substitutedLeft < 0) throw new SyntaxFault(line, 'its definitions make it too long')
      return value
    })

  /** Modules are taken as loaded. */
  function isTaken({ name, args: [first = ''] }: Directive): boolean {
    const isNegated = first.startsWith('!')
    const bare = isNegated ? first.slice(1) : first
    if (name === 'ifdefine') return defined.has(bare) !== isNegated
    if (name === 'iffile') return files.exists(resolve(root, bare)) !== isNegated
    return !isNegated
  }

  function included({ name, file, line, args }: Directive, above: string[]): Directive[] {
    const pattern = resolve(root, args[0] ?? '')
    const why = (reason: string) =>
      void notes.push({ kind: 'left', file, line, what: 'Include', why: reason })
    const isAbsent = !/[*?[]/.test(dirname(pattern)) && !files.exists(dirname(pattern))
    if (name === 'includeoptional' && isAbsent) return []
    return includedFiles({ pattern, above, why }, files).flatMap((each) =>
      files.isFolder(each)
        ? files.names(each).flatMap((inside) => read(join(each, inside), above))
        : read(each, above),
    )
  }

  return read(path, [])
}
