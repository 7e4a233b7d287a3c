import { readdirSync, readFileSync, readlinkSync, statSync } from 'node:fs'
import { basename, join } from 'node:path'

/**
 * Pid of an engine that was started with `folder` as its home, which has since been moved or deleted; null if
 * there is none, and on systems without /proc. The engine notices within seconds and ends; until then a
 * command would make a new vault at the old path beside the one that is served.
 */
export function engineOfMovedHome(folder: string): number | null {
  const pids = entriesOf('/proc').filter((name) => /^\d+$/.test(name))
  return pids.map(Number).find((pid) => runsOn(folder, pid) && hasLockElsewhere(folder, pid)) ?? null
}

/** Looks at processes of this user alone: root can look into those of others, who may pretend to be an engine. */
function runsOn(folder: string, pid: number): boolean {
  try {
    if (statSync(`/proc/${pid}`).uid !== process.getuid?.()) return false
    const args = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0')
    return args[args.indexOf('--home') + 1] === folder && args.some((arg) => basename(arg) === 'engine.js')
  } catch {
    // The process has ended.
    return false
  }
}

/** The kernel shows an open file by its present path, or its last one with the suffix ` (deleted)`. */
function hasLockElsewhere(folder: string, pid: number): boolean {
  const open = entriesOf(`/proc/${pid}/fd`).map((fd) => targetOf(`/proc/${pid}/fd/${fd}`))
  const locks = open.filter((path) => /\/vault\.lock( \(deleted\))?$/.test(path))
  return locks.length > 0 && !locks.includes(join(folder, 'vault.lock'))
}

/** Empty for processes of other users. */
function entriesOf(folder: string): string[] {
  try {
    return readdirSync(folder)
  } catch {
    return []
  }
}

function targetOf(link: string): string {
  try {
    return readlinkSync(link)
  } catch {
    return ''
  }
}
