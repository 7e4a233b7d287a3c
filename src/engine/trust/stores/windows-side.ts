import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Obstacle } from '../../../contract/trust.ts'
import { encodedWords, powershellPlace } from './powershell.ts'
import { run, systemPath, type Ran, type Surroundings } from './surroundings.ts'

/** The host's Windows, or the one beside a Linux in WSL. */
export interface WindowsSide {
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
export function windowsSide(surroundings: Surroundings): WindowsSide | undefined {
  const { platform, env } = surroundings
  if (platform === 'win32') return sideAt(env.SystemRoot ?? 'C:\\Windows', { isBeside: false, env })
  const mounted = platform === 'linux' && isWsl(surroundings) ? mountedWindows(surroundings) : undefined
  if (mounted === undefined) return undefined
  return sideAt(
    mounted,
    { isBeside: true, env: { PATH: '/usr/bin:/bin', WSL_INTEROP: env.WSL_INTEROP } },
    () => areProgramsRun(surroundings),
  )
}

/** Microsoft's kernel in both versions of WSL has its name in the release. */
export function isWsl(surroundings: Surroundings): boolean {
  return /microsoft/i.test(textAt(systemPath(surroundings, '/proc/sys/kernel/osrelease')))
}

/** Value in wsl.conf(5), which only root can write; sections and keys in any case. */
export function wslSetting(surroundings: Surroundings, section: string, key: string): string | undefined {
  let isThere = false
  for (const line of textAt(systemPath(surroundings, '/etc/wsl.conf')).split('\n')) {
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
function mountedWindows(surroundings: Surroundings): string | undefined {
  const root = wslSetting(surroundings, 'automount', 'root') ?? '/mnt/'
  const folder = systemPath(surroundings, join(root, 'c/Windows'))
  return existsSync(join(folder, powershellPlace)) ? folder : undefined
}

/** The kernel runs Windows programs by binfmt_misc, unless `[interop] enabled=false`. */
function areProgramsRun(surroundings: Surroundings): boolean {
  const places = ['WSLInterop', 'WSLInterop-late'].map((name) =>
    systemPath(surroundings, `/proc/sys/fs/binfmt_misc/${name}`),
  )
  return places.some(existsSync) && wslSetting(surroundings, 'interop', 'enabled') !== 'false'
}

function sideAt(
  folder: string,
  { isBeside, env }: { isBeside: boolean; env: NodeJS.ProcessEnv },
  areRun = () => true,
): WindowsSide {
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
    run: (script) => run(program, encodedWords(script), { env, timeoutMs: dialogMs }),
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
