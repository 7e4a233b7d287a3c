import { spawnSync } from 'node:child_process'
import { mkdirSync } from 'node:fs'
import path from 'node:path'
import { installDebianPackage } from '../processes/debian-packages.ts'

/**
 * Reason why a test authority cannot be trusted on this computer; undefined if it can. Only Chromium on Linux
 * reads trust from a user's folder, which a test can make and delete; elsewhere it reads the system's store,
 * which tests leave alone.
 */
export function whyNoBrowserTrust(): string | undefined {
  if (process.platform === 'linux') return undefined
  return 'a test authority can be trusted without touching the system’s own store only on Linux'
}

/**
 * Makes a Chromium that runs with `home` as its HOME trust the authority, and nothing else on the
 * computer: the browser reads `~/.pki/nssdb` besides its own roots, and validates as always.
 */
export function trustInHome(home: string, authorityPem: string): void {
  const folder = path.join(home, '.pki', 'nssdb')
  mkdirSync(folder, { recursive: true })
  certutil(['-d', `sql:${folder}`, '-N', '--empty-password'])
  certutil(['-d', `sql:${folder}`, '-A', '-t', 'C,,', '-n', 'test authority'], authorityPem)
}

/** Throws one sentence where NSS's `certutil` is missing and cannot be installed. */
export function requireCertutil(): void {
  if (isThere() || (installDebianPackage('libnss3-tools') && isThere())) return
  throw new Error(
    'The e2e tests need NSS’s certutil: install libnss3-tools (Fedora: nss-tools) and run again.',
  )
}

function isThere(): boolean {
  return spawnSync('certutil', ['-H']).error === undefined
}

function certutil(words: string[], input?: string): void {
  const run = spawnSync('certutil', words, { input, encoding: 'utf8' })
  if (run.status !== 0) throw new Error(`certutil failed: ${run.error?.message ?? run.stderr}`)
}
