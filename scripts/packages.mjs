import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/**
 * Reason why the installed packages differ from package-lock.json, in words; null if they match.
 * @param {string} root
 * @returns {string | null}
 */
export function whyNotInstalled(root) {
  const installed = packagesOf(join(root, 'node_modules', '.package-lock.json'))
  if (!installed) return 'the packages are not installed'
  const locked = packagesOf(join(root, 'package-lock.json')) ?? {}
  const wrong = Object.entries(locked).find(([path, wanted]) => !isSatisfied(wanted, installed[path], path))
  if (wrong) return `${nameAt(wrong[0])} is not the one in package-lock.json`
  const left = Object.keys(installed).find((path) => !locked[path])
  return left ? `${nameAt(left)} is no longer in package-lock.json` : null
}

/**
 * Optional packages may be missing: npm skips those of other systems.
 * @param {{ version?: string, optional?: boolean, link?: boolean }} wanted
 * @param {{ version?: string } | undefined} found
 * @param {string} path
 */
function isSatisfied(wanted, found, path) {
  if (path === '' || wanted.link) return true
  return found ? found.version === wanted.version : wanted.optional === true
}

/**
 * @param {string} file
 * @returns {Record<string, { version?: string, optional?: boolean, link?: boolean }> | null}
 */
function packagesOf(file) {
  return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')).packages : null
}

/** @param {string} path */
function nameAt(path) {
  return path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length)
}
