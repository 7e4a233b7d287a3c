import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'

/**
 * Installs a package with apt-get, with a message, on Debian or Ubuntu as root; else, or if that fails,
 * returns false.
 */
export function installDebianPackage(name: string): boolean {
  if (process.platform !== 'linux' || process.getuid?.() !== 0 || !existsSync('/usr/bin/apt-get'))
    return false
  console.log(`Installing ${name} with apt-get; the tests need it.`)
  return aptGet('update') && aptGet('install', '--yes', '--no-install-recommends', name)
}

function aptGet(...words: string[]): boolean {
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
  const run = spawnSync('apt-get', ['--quiet=2', ...words], { env, stdio: ['ignore', 'ignore', 'inherit'] })
  return run.status === 0
}
