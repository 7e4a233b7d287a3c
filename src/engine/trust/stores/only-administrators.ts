import { lstatSync, readlinkSync } from 'node:fs'
import { dirname, resolve } from 'node:path'

/** As many as Linux follows. */
const mostLinks = 40
const writableByOthers = 0o022

/**
 * The part of `path` (absolute, and there) that somebody besides the administrator could change or put something
 * else in place of, or null: what is not root's, or can be written by a group or by all, in it, above it, or
 * on the way of its links. What the administrator runs or writes to must have none.
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
