import { existsSync } from 'node:fs'
import path from 'node:path'
import { beforeEach, type TestOptions } from 'vitest'

declare module 'vitest' {
  interface TaskMeta {
    /** Reason of a skipped test or group; printed by `scripts/tally-reporter.ts`. */
    skippedBecause?: string
  }
}

/** Skips every test of the calling file or group if `missing` is set, with that as the reason. */
export function needs(missing: string | null | undefined): void {
  beforeEach((context) => {
    if (missing) context.skip(missing)
  })
}

/** Options that skip a test or group, hooks included, if `missing` is set, with that as the reason. */
export function unless(missing: string | null | undefined): TestOptions {
  return missing ? { skip: true, meta: { skippedBecause: missing } } : {}
}

/** Packages of Debian whose names are not those of their programs. */
const debianPackages: Record<string, string> = {
  'dbus-run-session': 'dbus-daemon',
  'gnome-keyring-daemon': 'gnome-keyring',
  'tsig-keygen': 'bind9',
  certutil: 'libnss3-tools',
  dig: 'bind9-dnsutils',
  ip: 'iproute2',
  javac: 'openjdk-17-jdk-headless',
  keytool: 'openjdk-17-jre-headless',
  man: 'man-db',
  named: 'bind9',
  nsupdate: 'bind9-dnsutils',
  pk12util: 'libnss3-tools',
  setpriv: 'util-linux',
  unshare: 'util-linux',
}

/** Reason why a test that starts these programs cannot run here: those that are not installed; null if all are. */
export function absent(...programs: string[]): string | null {
  const missing = programs.filter((program) => programPath(program) === null)
  if (missing.length === 0) return null
  const packages = new Set(missing.map((program) => debianPackages[program] ?? program))
  return `${missing.join(' and ')} ${missing.length > 1 ? 'are' : 'is'} not installed here (Debian: apt install ${[...packages].join(' ')})`
}

/** Path of a program that is installed. Debian keeps those of administrators off an ordinary user's PATH. */
function programPath(program: string): string | null {
  const folders = [...(process.env['PATH'] ?? '').split(path.delimiter), '/usr/sbin', '/sbin']
  const name = process.platform === 'win32' ? `${program}.exe` : program
  return folders.map((folder) => path.join(folder, name)).find((each) => existsSync(each)) ?? null
}

export const posixOnly = unless(
  process.platform === 'win32' ? 'Windows has no POSIX signals, modes of files or named pipes' : null,
)

export const linuxOnly = unless(process.platform === 'linux' ? null : 'it needs what only Linux has')
