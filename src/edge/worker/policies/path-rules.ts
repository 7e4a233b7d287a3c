import { pathOf } from '../http/request.ts'

export type PathRules = (target: string) => boolean

/** Compiles paths, or prefixes with a final `*`; null for an empty list. */
export function pathRules(paths: readonly string[]): PathRules | null {
  if (paths.length === 0) return null
  const exact = new Set(paths.filter((path) => !path.endsWith('*')))
  const beginnings = paths.filter((path) => path.endsWith('*')).map((path) => path.slice(0, -1))
  return (target) => {
    const path = pathOf(target)
    if (dotSegment.test(path)) return false
    return exact.has(path) || beginnings.some((beginning) => path.startsWith(beginning))
  }
}

/**
 * Segment "." or "..", with which a path matches no rule: browsers send none, and origins disagree on what it
 * leads to. Some decode "%2f" before, or twice, merge slashes, take a backslash for one, or cut off what
 * follows a ";", a "#", a NUL or a space.
 */
const dotSegment =
  /(?:[/\\]|%(?:25)*(?:2f|5c))(?:\.|%(?:25)*2e){1,2}(?:[/\\;]|%(?:25)*(?:2f|5c|3b|3f|23|20|0[09ad])|$)/i
