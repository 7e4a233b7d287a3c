import { spawn, type ChildProcess } from 'node:child_process'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { mark, processesOf } from './processes-of-run.ts'

/** Time for processes to exit on a busy machine. */
const graceMs = 60_000

/**
 * Before and after the tests of a project: no process that they started outlives them (seen on Linux). One
 * that does is ended, and the run has failed. Where the run itself is killed, a watcher ends them.
 */
export function setup(): () => Promise<void> {
  if (process.platform !== 'linux') return () => Promise.resolve()
  const watcher = watch()
  process.env[mark] = String(process.pid)
  return async () => {
    const left = await leftAfter(performance.now() + graceMs)
    for (const pid of left.keys()) process.kill(pid, 'SIGKILL')
    watcher.stdin?.end()
    if (left.size > 0)
      throw new Error(`These processes outlived the tests:\n${[...left.values()].join('\n')}`)
  }
}

/** Its standard input ends with this process, whatever ends that. */
function watch(): ChildProcess {
  const program = join(import.meta.dirname, 'run-watcher-process.ts')
  const watcher = spawn(process.execPath, [program, String(process.pid)], {
    stdio: ['pipe', 'ignore', 'inherit'],
    detached: true,
  })
  watcher.unref()
  return watcher
}

async function leftAfter(deadline: number): Promise<Map<number, string>> {
  for (;;) {
    const left = testedProcesses()
    if (left.size === 0 || performance.now() > deadline) return left
    await pause(100)
  }
}

/** Processes with the mark except vitest's own, with their command lines. */
function testedProcesses(): Map<number, string> {
  const all = [...processesOf(process.pid)].filter(
    ([pid, words]) => pid !== process.pid && !words.some((word) => /^vitest|\/vitest\/dist\//.test(word)),
  )
  return new Map(all.map(([pid, words]) => [pid, `${pid}: ${words.join(' ')}`]))
}
