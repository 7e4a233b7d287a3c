import { existsSync, lstatSync, readFileSync, realpathSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { Obstacle } from '../../contract/trust/trust.ts'
import { changeableByOthers } from '../trust/stores/only-administrators.ts'
import { fileSentence } from '../trust/stores/store.ts'
import { programOf, run, systemPath, type HostEnvironment } from '../../platform/commands/host-environment.ts'
import { isWsl, wslSetting } from '../trust/stores/windows-host.ts'
import { HostsFileError, readHostsFile, type HostsFile } from './hosts-file.ts'

export interface HostsPlace {
  path: string
  /** Target of a link, which itself stays in place. */
  real: string
  /** Null if it cannot be read or changed, for the reason in `obstacle`. */
  file: HostsFile | null
  obstacle: Obstacle | null
}

function hostsPath(hostEnvironment: HostEnvironment): string {
  const { platform, env } = hostEnvironment
  if (platform !== 'win32') return systemPath(hostEnvironment, '/etc/hosts')
  return join(env.SystemRoot ?? 'C:\\Windows', 'System32', 'drivers', 'etc', 'hosts')
}

/** Far above a block list of some megabytes. */
const longestBytes = 32 * 1024 * 1024

export async function lookAtHosts(
  hostEnvironment: HostEnvironment,
  path = hostsPath(hostEnvironment),
): Promise<HostsPlace> {
  const refused = (sentence: string, file: HostsFile | null = null, real = path): HostsPlace => ({
    path,
    real,
    file,
    obstacle: { sentence, command: null },
  })
  if (!existsSync(path)) return refused(`${path} is not there.`)
  try {
    const real = realpathSync(path)
    const facts = statSync(real)
    if (!facts.isFile()) return refused(`${path} is not a file.`, null, real)
    if (facts.size > longestBytes) return refused(`${path} is larger than 32 MB.`, null, real)
    const file = readHostsFile(readFileSync(real))
    const obstacle = await obstacleAt({ path, real, hostEnvironment })
    return obstacle ? refused(obstacle, file, real) : { path, real, file, obstacle: null }
  } catch (error) {
    return refused(error instanceof HostsFileError ? `${path}: ${error.message}` : fileSentence(error, path))
  }
}

interface Place {
  path: string
  real: string
  hostEnvironment: HostEnvironment
}

async function obstacleAt({ path, real, hostEnvironment }: Place): Promise<string | null> {
  // Access control lists decide on Windows, invisible to Node; by default administrators can write.
  if (hostEnvironment.platform === 'win32')
    return isReadOnly(real) ? `${path} is marked read-only. "attrib -r ${path}" takes that away.` : null
  if (isWsl(hostEnvironment) && wslSetting(hostEnvironment, 'network', 'generateHosts') !== 'false')
    return `WSL writes ${path} anew when it starts, from the hosts file of Windows. Set generateHosts=false under [network] in /etc/wsl.conf first, or add the names in Windows.`
  if (real.startsWith('/nix/store/'))
    return 'NixOS builds the hosts file from its configuration: add the names to networking.hosts and rebuild.'
  const others = changeableByOthers(real)
  if (others !== null)
    return `${others} can be changed by somebody besides the administrator, so that the administrator should write nothing there. Give it to root first.`
  if (isMounted(real))
    return `${path} is mounted from outside, as in a container, and cannot be replaced as a whole. Add the names where it comes from.`
  if (await isImmutable(real, hostEnvironment))
    return `${path} is marked immutable. "sudo chattr -i ${real}" takes that away.`
  return null
}

/** The read-only attribute, which is all that Node shows on Windows. */
function isReadOnly(real: string): boolean {
  return (statSync(real).mode & 0o200) === 0
}

/** A mounted file is on another device than its folder, or is listed as a mount point. */
function isMounted(real: string): boolean {
  if (lstatSync(real).dev !== lstatSync(dirname(real)).dev) return true
  if (!existsSync('/proc/self/mountinfo')) return false
  // The fifth field is the mount point (proc_pid_mountinfo(5)).
  return readFileSync('/proc/self/mountinfo', 'utf8')
    .split('\n')
    .some((line) => line.split(' ')[4] === real)
}

async function isImmutable(real: string, hostEnvironment: HostEnvironment): Promise<boolean> {
  const lsattr = programOf(hostEnvironment, 'lsattr')
  if (!lsattr) return false
  const { stdout } = await run(lsattr, ['-d', real])
  return (stdout.split(' ')[0] ?? '').includes('i')
}
