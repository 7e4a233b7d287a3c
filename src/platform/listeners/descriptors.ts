import { readFileSync } from 'node:fs'

/**
 * Number of files and sockets that this process may have open at once, as `limits` (`/proc/self/limits`) has it;
 * infinite where the system has no such file or no limit.
 */
export function descriptorLimit(limits = ownLimits()): number {
  const soft = /^Max open files +(\d+) /m.exec(limits)?.[1]
  return soft === undefined ? Infinity : Number(soft)
}

function ownLimits(): string {
  try {
    return readFileSync('/proc/self/limits', 'utf8')
  } catch {
    return ''
  }
}
