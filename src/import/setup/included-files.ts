import { basename, dirname, join, matchesGlob } from 'node:path'
import type { BoundedFiles } from './found.ts'

const wildcard = /[*?[]/
const mostIncludes = 16

interface Include {
  /** Absolute path, with wildcards in its last part. */
  pattern: string
  /** Files that lead to this one. */
  above: string[]
  /** Notes why a file is not read. */
  why: (reason: string) => void
}

/** Paths that an include names, but for those that would never end. */
export function includedFiles({ pattern, above, why }: Include, files: BoundedFiles): string[] {
  if (wildcard.test(dirname(pattern))) {
    why('Only the last part of its path may have wildcards here.')
    return []
  }
  const found = wildcard.test(basename(pattern)) ? matching(pattern, files) : [pattern]
  return found.filter((each) => {
    if (above.includes(each)) why('It includes itself.')
    else if (above.length > mostIncludes) why('Files include each other too deep.')
    else return true
    return false
  })
}

/** glob(3): a name that begins with a dot needs one in the pattern. */
function matching(pattern: string, files: BoundedFiles): string[] {
  const folder = dirname(pattern)
  const names = files.names(folder).filter((name) => !name.startsWith('.'))
  return names.filter((name) => matchesGlob(name, basename(pattern))).map((name) => join(folder, name))
}
