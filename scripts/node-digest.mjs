import { createHash } from 'node:crypto'
import { mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { pinnedNode } from './freshness.mjs'

/*
 * The package `node` has an install script that fetches the Node of this system, and package-lock.json knows
 * nothing of what comes. So its SHA-256 is compared with the one in node-digests.json, which was made from the
 * packages that the registry had when the version was chosen.
 */

const SYSTEM = `${process.platform}-${process.arch}`
const CHECKED = 'out/node-checked'

/**
 * Whether the Node that is there is the one that was found good: by size, times and inode, because its digest
 * takes longer than most commands.
 * @param {string} root
 */
export function isNodeChecked(root) {
  try {
    return readFileSync(join(root, CHECKED), 'utf8') === describe(root)
  } catch (error) {
    if (error.code !== 'ENOENT') throw error
    return false
  }
}

/**
 * Why the Node that was fetched must not be used, in a sentence; null where it is the right one, which is noted.
 * A wrong one is removed, so that no other command runs it.
 * @param {string} root
 * @returns {string | null}
 */
export function refuseWrongNode(root) {
  if (isNodeChecked(root)) return null
  const wanted = digestsOf(root)[SYSTEM]
  if (!wanted) {
    return `the SHA-256 of Node for ${SYSTEM} is not in scripts/node-digests.json, so the one that was fetched cannot be checked and is not used. Add it from a source that you trust.`
  }
  const seen = describe(root)
  const found = createHash('sha256')
    .update(readFileSync(pinnedNode(root)))
    .digest('hex')
  if (found !== wanted) {
    rmSync(pinnedNode(root))
    return `the Node that was fetched is not the one that Edgekeep is made with: its SHA-256 is ${found} and should be ${wanted}. It was removed. Run the same command to fetch it again; if it is wrong again, do not trust the place your packages come from.`
  }
  mkdirSync(dirname(join(root, CHECKED)), { recursive: true })
  writeFileSync(join(root, CHECKED), seen)
  return null
}

/**
 * @param {string} root
 * @returns {Record<string, string>}
 */
function digestsOf(root) {
  return JSON.parse(readFileSync(join(root, 'scripts', 'node-digests.json'), 'utf8')).sha256
}

/** @param {string} root */
function describe(root) {
  const { size, ino, mtimeNs, ctimeNs } = statSync(pinnedNode(root), { bigint: true })
  return `${digestsOf(root)[SYSTEM]} ${size} ${ino} ${mtimeNs} ${ctimeNs}`
}
