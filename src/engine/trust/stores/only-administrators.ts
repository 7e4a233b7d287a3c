import { lstatSync, readlinkSync } from 'node:fs'
import { dirname, resolve } from 'node:path'

/** Linux's own limit. */
const mostLinks = 40
const writableByOthers = 0o022

/**
 * The part of `path` (absolute, existing) that others than the administrator could change or replace; null if
 * none. Includes its parents and the targets of links: each must be root's and not writable by group or
 * others. An administrator runs and writes only such paths.
 */
export function changeableByOthers(path: string): string | null {
  let linksLeft = mostLinks
  const changeable = (each: string): string | null => {
    const above = dirname(each)
    const found = above === each ? null : changeable(above)
    if (found !== null) return found
    const { uid, mode, isLink } = factsOf(each)
    if (uid !== 0) return each
    if (!isLink) return (mode & writableByOthers) === 0 ? null : each
    linksLeft -= 1
    return linksLeft < 0 ? each : changeable(resolve(above, readlinkSync(each)))
  }
  return changeable(resolve(path))
}

function factsOf(path: string) {
  const facts = lstatSync(path)
  return { uid: facts.uid, mode: facts.mode, isLink: facts.isSymbolicLink() }
}
