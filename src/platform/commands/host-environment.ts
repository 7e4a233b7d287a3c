import { execFile } from 'node:child_process'
import { accessSync, constants, readFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { delimiter, isAbsolute, join } from 'node:path'
import type { PlanOwner } from '../../contract/trust/trust.ts'

export interface HostEnvironment {
  platform: NodeJS.Platform
  home: string
  env: NodeJS.ProcessEnv
  /** Edgekeep's folder for trust: the bundle and the journal. */
  folder: string
  /** Root of system paths: other than `/` for a recorded system. */
  root?: string
}

/**
 * Path of a system file that only the administrator can change. System programs run by such paths: the first
 * match on a PATH may be anybody's, and on Windows NSS's `certutil` shares its name with the system's.
 */
export function systemPath({ root = '/' }: Pick<HostEnvironment, 'root'>, path: string): string {
  return join(root, path)
}

/** The user whose stores this process changes. */
export function planOwner(): PlanOwner {
  return { home: homedir(), uid: process.getuid?.() ?? null }
}

export interface Ran {
  /** Null if it did not start or was killed. */
  status: number | null
  stdout: string
  stderr: string
}

const runMs = 30_000

/** Runs a program without a shell, by default with a timeout of half a minute. */
export function run(
  program: string,
  words: readonly string[],
  options: {
    env?: NodeJS.ProcessEnv
    cwd?: string
    input?: string
    timeoutMs?: number
    signal?: AbortSignal
  } = {},
): Promise<Ran> {
  const { env = process.env, cwd, input, timeoutMs = runMs, signal } = options
  const limits = { timeout: timeoutMs, killSignal: 'SIGKILL' as const, maxBuffer: 4 * 1024 * 1024 }
  return new Promise((resolve) => {
    const child = execFile(program, [...words], { env, cwd, signal, ...limits }, (error, stdout, stderr) => {
      const status = error ? (typeof error.code === 'number' ? error.code : null) : 0
      resolve({ status, stdout, stderr: stderr || (status === null ? (error?.message ?? '') : '') })
    })
    // A program that reads no input may exit before the write.
    child.stdin?.on('error', () => undefined).end(input ?? '')
  })
}

/** Path of a program on the user's PATH. */
export function programOf(
  { env, platform }: Pick<HostEnvironment, 'env' | 'platform'>,
  name: string,
): string | undefined {
  const file = platform === 'win32' ? `${name}.exe` : name
  // A relative folder depends on the working directory of this process.
  const folders = (env.PATH ?? '').split(delimiter).filter((folder) => isAbsolute(folder))
  return folders.map((folder) => join(folder, file)).find(isExecutable)
}

export function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}

/** Linux family by its store of roots (os-release, ID and ID_LIKE). */
export type LinuxFamily = 'debian' | 'fedora' | 'arch' | 'suse' | 'alpine' | 'nixos' | 'other'

export function linuxFamily(osRelease: string): LinuxFamily {
  const value = (name: string) =>
    osRelease
      .split('\n')
      .find((line) => line.startsWith(`${name}=`))
      ?.slice(name.length + 1)
      .replaceAll('"', '') ?? ''
  const ids = `${value('ID')} ${value('ID_LIKE')}`.split(' ')
  const is = (...names: string[]) => names.some((name) => ids.includes(name))
  if (is('nixos')) return 'nixos'
  if (is('alpine')) return 'alpine'
  if (is('debian', 'ubuntu')) return 'debian'
  if (is('fedora', 'rhel', 'centos')) return 'fedora'
  if (is('arch')) return 'arch'
  if (is('suse', 'opensuse', 'sles')) return 'suse'
  return 'other'
}

export function familyOf(hostEnvironment: Pick<HostEnvironment, 'root'>): LinuxFamily {
  try {
    return linuxFamily(readFileSync(systemPath(hostEnvironment, '/etc/os-release'), 'utf8'))
  } catch {
    return 'other'
  }
}

/** NSS's `certutil`; Windows has an unrelated program of that name. */
export function nssCertutil(hostEnvironment: HostEnvironment): string | undefined {
  return hostEnvironment.platform === 'win32' ? undefined : programOf(hostEnvironment, 'certutil')
}

const packages = {
  certutil: {
    debian: 'sudo apt install libnss3-tools',
    fedora: 'sudo dnf install nss-tools',
    arch: 'sudo pacman -S nss',
    suse: 'sudo zypper install mozilla-nss-tools',
    alpine: 'sudo apk add nss-tools',
    nixos: 'nix-shell -p nss.tools',
  },
  'update-ca-certificates': {
    debian: 'sudo apt install ca-certificates',
    alpine: 'sudo apk add ca-certificates',
    suse: 'sudo zypper install ca-certificates',
  },
  'update-ca-trust': {
    fedora: 'sudo dnf install ca-certificates',
    arch: 'sudo pacman -S ca-certificates-utils',
  },
  pkexec: {
    debian: 'sudo apt install pkexec',
    fedora: 'sudo dnf install polkit',
    arch: 'sudo pacman -S polkit',
    suse: 'sudo zypper install pkexec',
    alpine: 'sudo apk add polkit',
  },
} as const

/** Command that installs a missing program; null without one. */
export function commandFor(
  program: keyof typeof packages,
  hostEnvironment: Pick<HostEnvironment, 'platform' | 'root'>,
): string | null {
  const { platform } = hostEnvironment
  if (platform === 'darwin') return program === 'certutil' ? 'brew install nss' : null
  if (platform !== 'linux') return null
  const commands: Partial<Record<LinuxFamily, string>> = packages[program]
  return commands[familyOf(hostEnvironment)] ?? null
}
