import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Obstacle } from '../../../contract/trust/trust.ts'
import { encodedCommandArgs, powershellPlace } from '../../../platform/commands/powershell.ts'
import {
  run,
  systemPath,
  type Ran,
  type HostEnvironment,
} from '../../../platform/commands/host-environment.ts'

/** The host's Windows, or the one beside a Linux in WSL. */
export interface WindowsHost {
  /** Windows folder, as a path on this side. */
  folder: string
  isBeside: boolean
  /** Reason why its programs cannot run. */
  obstacle(): Obstacle | null
  /** Runs a script in Windows' own PowerShell; a dialog may delay it. */
  run(script: string): Promise<Ran>
}

const dialogMs = 300_000

/** Undefined without Windows: another system, or a Linux outside of WSL. */
export function findWindowsHost(hostEnvironment: HostEnvironment): WindowsHost | undefined {
  const { platform, env } = hostEnvironment
  if (platform === 'win32') return sideAt(env.SystemRoot ?? 'C:\\Windows', { isBeside: false, env })
  const mounted = platform === 'linux' && isWsl(hostEnvironment) ? mountedWindows(hostEnvironment) : undefined
  if (mounted === undefined) return undefined
  return sideAt(
    mounted,
    { isBeside: true, env: { PATH: '/usr/bin:/bin', WSL_INTEROP: env.WSL_INTEROP } },
    () => areProgramsRun(hostEnvironment),
  )
}

/** Microsoft's kernel in both versions of WSL has its name in the release. */
export function isWsl(hostEnvironment: HostEnvironment): boolean {
  return /microsoft/i.test(textAt(systemPath(hostEnvironment, '/proc/sys/kernel/osrelease')))
}

/** Value in wsl.conf(5), which only root can write; sections and keys in any case. */
export function wslSetting(
  hostEnvironment: HostEnvironment,
  section: string,
  key: string,
): string | undefined {
  let isThere = false
  for (const line of textAt(systemPath(hostEnvironment, '/etc/wsl.conf')).split('\n')) {
    const [, head] = /^\s*\[([^\]]+)\]/.exec(line) ?? []
    if (head !== undefined) isThere = head.trim().toLowerCase() === section.toLowerCase()
    const [said = ''] = line.split('#', 1)
    const equalsAt = said.indexOf('=')
    const name = said.slice(0, Math.max(equalsAt, 0)).trim()
    if (isThere && name.toLowerCase() === key.toLowerCase())
      return said
        .slice(equalsAt + 1)
        .trim()
        .replace(/^"/, '')
        .replace(/"$/, '')
  }
  return undefined
}

/** Windows on drive C:; the rare installations elsewhere are not supported. */
function mountedWindows(hostEnvironment: HostEnvironment): string | undefined {
  const root = wslSetting(hostEnvironment, 'automount', 'root') ?? '/mnt/'
  const folder = systemPath(hostEnvironment, join(root, 'c/Windows'))
  return existsSync(join(folder, powershellPlace)) ? folder : undefined
}

/** The kernel runs Windows programs by binfmt_misc, unless `[interop] enabled=false`. */
function areProgramsRun(hostEnvironment: HostEnvironment): boolean {
  const places = ['WSLInterop', 'WSLInterop-late'].map((name) =>
    systemPath(hostEnvironment, `/proc/sys/fs/binfmt_misc/${name}`),
  )
  return places.some(existsSync) && wslSetting(hostEnvironment, 'interop', 'enabled') !== 'false'
}

function sideAt(
  folder: string,
  { isBeside, env }: { isBeside: boolean; env: NodeJS.ProcessEnv },
  areRun = () => true,
): WindowsHost {
  const program = join(folder, powershellPlace)
  return {
    folder,
    isBeside,
    obstacle() {
      if (!areRun())
        return {
          sentence:
            'Programs of Windows cannot be run from this WSL. Turn that on with enabled=true under [interop] in /etc/wsl.conf, and start WSL again.',
          command: null,
        }
      return existsSync(program)
        ? null
        : { sentence: `${program}, which changes Windows’ certificates, is not there.`, command: null }
    },
    run: (script) => run(program, encodedCommandArgs(script), { env, timeoutMs: dialogMs }),
  }
}

function textAt(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch (error) {
    if (['ENOENT', 'ENOTDIR', 'EACCES'].includes((error as NodeJS.ErrnoException).code ?? '')) return ''
    throw error
  }
}
