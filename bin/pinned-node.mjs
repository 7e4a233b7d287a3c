import { existsSync, readFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'

/*
 * Finds the Node that Edgekeep ships with, an npm package for each system, without an install script. Plain
 * JavaScript, because the launcher needs it before there is a build.
 */

const { platform, arch } = process

export const nodePackage = `node-${platform === 'win32' ? 'win' : platform}-${arch}`

/** Path of its program inside `node_modules`. */
export const nodeProgram = join(nodePackage, 'bin', platform === 'win32' ? 'node.exe' : 'node')

/**
 * Finds the Node of the installation at `root`; null if missing. npm installs dependencies inside the package
 * or beside it.
 *
 * @param {string} root
 * @returns {string | null}
 */
export function findPinnedNode(root) {
  const folders = [join(root, 'node_modules')]
  if (basename(dirname(root)) === 'node_modules') folders.push(dirname(root))
  return folders.map((folder) => join(folder, nodeProgram)).find((path) => existsSync(path)) ?? null
}

/**
 * The exact version in `package.json`, and whether npm has it for this system: it is not published for macOS
 * and for Windows on ARM.
 *
 * @param {string} root
 * @returns {{ version: string, isInNpm: boolean }}
 */
export function wantedNode(root) {
  const { optionalDependencies = {} } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
  const [, version = ''] =
    Object.entries(optionalDependencies).find(([name]) => name.startsWith('node-')) ?? []
  return { version, isInNpm: nodePackage in optionalDependencies }
}

/**
 * The Node for the npm package: its own or, on a system without one in npm, the Node that runs this, if that
 * has the same major version and is not older. Otherwise null.
 *
 * @param {string} root
 * @returns {string | null}
 */
export function nodeOf(root) {
  const pinned = findPinnedNode(root)
  if (pinned || process.versions.electron) return pinned
  const { version, isInNpm } = wantedNode(root)
  return !isInNpm && isSameMajorAndNotOlder(process.versions.node, version) ? process.execPath : null
}

/**
 * @param {string} version
 * @param {string} wanted
 */
export function isSameMajorAndNotOlder(version, wanted) {
  const [major, minor, patch] = version.split('.').map(Number)
  const [wantedMajor, wantedMinor, wantedPatch] = wanted.split('.').map(Number)
  if (major !== wantedMajor) return false
  return minor > wantedMinor || (minor === wantedMinor && patch >= wantedPatch)
}
