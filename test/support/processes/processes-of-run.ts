import { readdirSync, readFileSync } from 'node:fs'
import { isAlive } from './process-tree.ts'

/** Environment variable of every process that a run of tests starts: the pid of the run. */
export const mark = 'EDGEKEEP_TEST_RUN'

/** Processes with the mark of a run, with their arguments (Linux). */
export function processesOf(run: number): Map<number, string[]> {
  const found = new Map<number, string[]>()
  for (const name of readdirSync('/proc').filter((entry) => /^\d+$/.test(entry))) {
    const words = wordsOf(name, run)
    if (words && isAlive(Number(name))) found.set(Number(name), words)
  }
  return found
}

/** Command line; null if the process is not the run's, or has ended. */
function wordsOf(pid: string, run: number): string[] | null {
  try {
    const environment = readFileSync(`/proc/${pid}/environ`, 'latin1').split('\0')
    if (!environment.includes(`${mark}=${run}`)) return null
    return readFileSync(`/proc/${pid}/cmdline`, 'latin1').split('\0')
  } catch {
    return null
  }
}
