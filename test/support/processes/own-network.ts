import { spawnSync } from 'node:child_process'

/**
 * Reason why a test cannot give its processes another /etc and network with these programs; undefined if it
 * can.
 */
export function whyNoOwnNetwork(programs: string[]): string | undefined {
  if (process.getuid?.() !== 0) return 'only root can give one process another /etc and network'
  const absent = programs.filter((program) => spawnSync('which', [program]).status !== 0)
  return absent.length > 0 ? `${absent.join(', ')} is not installed here` : undefined
}
