import { setTimeout as pause } from 'node:timers/promises'
import { processesOf } from './processes-of-run.ts'

/*
 * Ends what the tests of a run have started when the run has ended and could not do so itself: it was killed.
 * Its standard input, which the run holds, ends then. Its only argument is the pid of the run.
 */

const run = Number(process.argv[2])

process.stdin.resume().once('end', () => void endAll())

/** Repeats until none is left: a process may start another while it is being ended. */
async function endAll(): Promise<void> {
  for (let left = processesOf(run); left.size > 0; left = processesOf(run)) {
    for (const pid of left.keys()) end(pid)
    await pause(100)
  }
}

function end(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error
  }
}
