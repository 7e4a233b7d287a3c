/** Whether a request's target is one of some paths. */
export type PathRules = (target: string) => boolean

/** Paths, or beginnings of paths with `*` at their end; null where there are none. */
export function pathRules(paths: readonly string[]): PathRules | null {
  if (paths.length === 0) return null
  const exact = new Set(paths.filter((path) => !path.endsWith('*')))
  const beginnings = paths.filter((path) => path.endsWith('*')).map((path) => path.slice(0, -1))
  return (target) => {
    const path = plainPath(target)
    return exact.has(path) || beginnings.some((beginning) => path.startsWith(beginning))
  }
}

/** As an origin will read it: without query, and with "." and ".." (also as %2e) taken for what they mean. */
function plainPath(target: string): string {
  if (!target.startsWith('/')) return target
  const path = target.split('?', 1)[0]!
  return path.includes('/.') || /%2e/i.test(path) ? new URL(`http://host${path}`).pathname : path
}
