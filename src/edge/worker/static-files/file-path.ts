import { pathOf } from '../http/target-path.ts'

/**
 * The names that a request's target goes through, or null for what is never served: names with a dot
 * in front (but `.well-known`, RFC 8615), steps upwards, separators and NUL in an encoded form, and
 * what Windows would read as something else than a file's name.
 */
export function pathSegments(target: string, dotFiles: boolean, isWindows: boolean): string[] | null {
  const segments: string[] = []
  for (const raw of pathOf(target).split('/')) {
    if (raw === '') continue
    const name = decoded(raw)
    if (name === null || !isServable(name, dotFiles, isWindows)) return null
    segments.push(name)
  }
  return segments
}

export function isServable(name: string, dotFiles: boolean, isWindows: boolean): boolean {
  if (name === '.' || name === '..' || separatorPattern.test(name)) return false
  if (name.startsWith('.') && !dotFiles && name !== '.well-known') return false
  return !isWindows || !(windowsPattern.test(name) || devicePattern.test(name))
}

function decoded(raw: string): string | null {
  try {
    return decodeURIComponent(raw)
  } catch {
    // Not UTF-8, so no name that could be asked for.
    return null
  }
}

const separatorPattern = /[/\\\0]/
/** Streams (`a.txt::$DATA`), wildcards, and endings that Windows drops. */
const windowsPattern = /[:*?"<>|\x01-\x1f]|[. ]$/
const devicePattern = /^(?:con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³]|conin\$|conout\$)(?:\.|$)/i
