import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs'
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
 * Stamp of a build: a hash of the contents of its sources, and one of their sizes and times. A copy or a
 * switch of branches changes times alone, so contents decide; as long as no time has changed, the files need
 * not be read.
 * @param {string} root
 */
export function stampOfSources(root) {
  return `${contentsOfSources(root)}\n${timesOfSources(root)}\n`
}

/** @param {string} root */
const contentsOfSources = (root) => hashOfSources(root, (path) => readFileSync(path))

/**
 * Some 2,000 `stat` calls take about 20 milliseconds, acceptable for a command that works offline.
 * @param {string} root
 */
const timesOfSources = (root) =>
  hashOfSources(root, (_path, { size, mtimeMs, ctimeMs }) => `${size} ${mtimeMs} ${ctimeMs}`)

/**
 * Whether the pinned Node and a build of the current sources are present.
 * @param {string} root
 */
export function isFresh(root) {
  return findPinnedNode(root) !== null && isBuilt(root) && isBuiltFromSources(root)
}

/**
 * Whether the build is of the present contents. Notes new times of the same contents, so that the next look
 * is cheap again.
 * @param {string} root
 */
export function isBuiltFromSources(root) {
  const stamp = join(root, stampFile)
  if (!existsSync(stamp)) return false
  const [contents, times] = readFileSync(stamp, 'utf8').split('\n')
  const present = timesOfSources(root)
  if (times === present) return true
  if (contents !== contentsOfSources(root)) return false
  try {
    writeFileSync(`${stamp}.${process.pid}`, `${contents}\n${present}\n`)
    renameSync(`${stamp}.${process.pid}`, stamp)
  } catch (error) {
    // A user who may not write here reads the contents each time.
    if (!['EACCES', 'EPERM', 'EROFS'].includes(error.code)) throw error
  }
  return true
}

/** @param {string} root */
export function isBuilt(root) {
  return built.every((path) => existsSync(join(root, path)))
}

/**
 * Hash of all sources: each path below the root with what `factOf` returns for it.
 * @param {string} root
 * @param {(path: string, facts: import('node:fs').Stats) => string | Uint8Array} factOf
 */
function hashOfSources(root, factOf) {
  const hash = createHash('sha1')
  /** @param {string} source */
  const add = (source) => {
    const path = join(root, source)
    const facts = statSync(path, { throwIfNoEntry: false })
    if (!facts) return
    if (facts.isDirectory())
      return readdirSync(path)
        .sort()
        .forEach((name) => add(`${source}/${name}`))
    const fact = factOf(path, facts)
    hash.update(`${source} ${fact.length}\n`).update(fact)
  }
  sources.forEach(add)
  return hash.digest('hex')
}
