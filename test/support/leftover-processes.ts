import { readdirSync, readFileSync } from 'node:fs'
import { setTimeout as pause } from 'node:timers/promises'
import { isAlive } from './process-tree.ts'

/** In the environment of every process of a run, and of all that they start: the pid of the run. */
const mark = 'EDGEKEEP_TEST_RUN'
/** What ends takes its time on a machine that does other things too. */
const graceMs = 60_000

/**
 * Before and after the tests of a project: no process that they started outlives them (seen on Linux). One
 * that does is ended, and the run has failed.
 */
export function setup(): () => Promise<void> {
  if (process.platform !== 'linux') return () => Promise.resolve()
  process.env[mark] = String(process.pid)
  return async () => {
    const left = await leftAfter(performance.now() + graceMs)
    for (const pid of left.keys()) process.kill(pid, 'SIGKILL')
    if (left.size > 0)
      throw new Error(`These processes outlived the tests:\n${[...left.values()].join('\n')}`)
  }
}

async function leftAfter(deadline: number): Promise<Map<number, string>> {
  for (;;) {
    const left = processesOfRun()
    if (left.size === 0 || performance.now() > deadline) return left
    await pause(100)
  }
}

/** Those that carry the mark and are not vitest's own, with their command lines. */
function processesOfRun(): Map<number, string> {
  const found = new Map<number, string>()
  for (const name of readdirSync('/proc').filter((entry) => /^\d+$/.test(entry))) {
    const commandLine = commandLineOf(name)
    if (commandLine && Number(name) !== process.pid && isAlive(Number(name)))
      found.set(Number(name), `${name}: ${commandLine}`)
  }
  return found
}

/** Null where it is none of ours, or has gone in the meantime. */
function commandLineOf(pid: string): string | null {
  try {
    if (!readFileSync(`/proc/${pid}/environ`, 'latin1').split('\0').includes(`${mark}=${process.pid}`))
      return null
    const words = readFileSync(`/proc/${pid}/cmdline`, 'latin1').split('\0')
    return words.some((word) => /^vitest|\/vitest\/dist\//.test(word)) ? null : words.join(' ')
  } catch {
    return null
  }
}
