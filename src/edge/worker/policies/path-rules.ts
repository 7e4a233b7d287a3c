import { pathOf } from '../http/target-path.ts'

/** Whether a request's target is one of some paths. */
export type PathRules = (target: string) => boolean

/** Paths, or beginnings of paths with `*` at their end; null where there are none. */
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
 * "." or ".." as a part of a path, which is then taken for none of the paths: browsers send no such parts, and origins
 * do not agree on what they lead to. Some decode "%2f" before, or twice, merge slashes, take a backslash for one, or
 * cut off what follows a ";", a "#", a NUL or a space.
 */
const dotSegment =
  /(?:[/\\]|%(?:25)*(?:2f|5c))(?:\.|%(?:25)*2e){1,2}(?:[/\\;]|%(?:25)*(?:2f|5c|3b|3f|23|20|0[09ad])|$)/i
