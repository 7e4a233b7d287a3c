import { pathOf } from '../http/request.ts'

/**
 * Splits a request's target into names, or returns null for targets that are never served: names with a
 * leading dot (but `.well-known`, RFC 8615), steps upwards, encoded separators and NUL, and names that
 * Windows would not read as a file's.
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
    // Not UTF-8, so it names no file.
    return null
  }
}

const separatorPattern = /[/\\\0]/
/** Streams (`a.txt::$DATA`), wildcards, and endings that Windows drops. */
const windowsPattern = /[:*?"<>|\x01-\x1f]|[. ]$/
const devicePattern = /^(?:con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³]|conin\$|conout\$)(?:\.|$)/i
