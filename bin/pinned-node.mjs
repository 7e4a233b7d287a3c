import { existsSync, readFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'

/*
 * Where the Node is that Edgekeep ships with. npm has it as a package for each system, without an install script.
 * Plain JavaScript, because the launcher needs it before there is a build.
 */

const { platform, arch } = process

/** Its package for this system. */
export const nodePackage = `node-${platform === 'win32' ? 'win' : platform}-${arch}`

/** Its program inside `node_modules`. */
export const nodeProgram = join(nodePackage, 'bin', platform === 'win32' ? 'node.exe' : 'node')

/**
 * The Node of the installation at `root`; null where it is not there. npm puts what a package depends on inside
 * it or beside it.
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
 * The exact version that `package.json` asks for, and whether npm has it for this system: for macOS and for
 * Windows on ARM nobody has published it.
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
 * What the npm package runs on: its own Node or, on a system that npm has none for, the Node that runs this,
 * where that is of the same major version and not older. Null where it is neither.
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
