import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { findPinnedNode } from '../bin/pinned-node.mjs'

/** Runs on the system's Node, so only features of version 20 are used. */

export const built = [
  'out/node/cli.js',
  'out/node/inspect-only.js',
  'out/node/engine.js',
  'out/node/edge-worker.js',
  'out/renderer/index.html',
]
export const stampFile = 'out/built-from'

const sources = [
  'src',
  'docs/guide',
  'package.json',
  'package-lock.json',
  'electron.vite.config.ts',
  'vite.node.config.ts',
]

/**
 * Hashes path, size and time of each source. Some 400 `stat` calls take about ten milliseconds, acceptable
 * for a command that works offline.
 * @param {string} root
 */
export function fingerprintOfSources(root) {
  const hash = createHash('sha1')
  for (const source of sources) describe(join(root, source), hash)
  return hash.digest('hex')
}

/**
 * Whether the pinned Node and a build of the current sources are present.
 * @param {string} root
 */
export function isFresh(root) {
  return findPinnedNode(root) !== null && isBuilt(root) && builtFrom(root) === fingerprintOfSources(root)
}

/** @param {string} root */
export function isBuilt(root) {
  return built.every((path) => existsSync(join(root, path)))
}

/** @param {string} root */
export function builtFrom(root) {
  const stamp = join(root, stampFile)
  return existsSync(stamp) ? readFileSync(stamp, 'utf8') : null
}

/**
 * @param {string} path
 * @param {import('node:crypto').Hash} hash
 */
function describe(path, hash) {
  const facts = statSync(path, { throwIfNoEntry: false })
  if (!facts) return
  if (!facts.isDirectory()) {
    hash.update(`${path} ${facts.size} ${facts.mtimeMs}\n`)
    return
  }
  for (const name of readdirSync(path).sort()) describe(join(path, name), hash)
}
