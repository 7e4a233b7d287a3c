import { spawn } from 'node:child_process'
import { printError } from '../../output/output.ts'

interface Elevated {
  elevation: 'taken' | 'leave'
  /** What is left to the person. */
  words: string[]
}

/**
 * Runs the script of a plan as the administrator: at once where this is root, by sudo at a terminal,
 * which asks in its own words. Without a terminal it is printed, for whoever may run it.
 */
export async function runElevated(script: string | null): Promise<Elevated> {
  if (script === null) return { elevation: 'leave', words: [] }
  if (process.getuid?.() === 0) return taken('/bin/sh', ['-c', script])
  if (!process.stdin.isTTY)
    return {
      elevation: 'leave',
      words: [
        '',
        'Nobody can be asked for the rights of an administrator here. Run this as one:',
        '',
        script,
      ],
    }
  printError(`\nAs the administrator, by sudo:\n\n${script}\n`)
  return taken('sudo', ['/bin/sh', '-c', script])
}

/** What it did is read back from the stores, not from its exit status. */
async function taken(program: string, words: string[]): Promise<Elevated> {
  const child = spawn(program, words, { stdio: ['inherit', 2, 2] })
  const { promise, resolve } = Promise.withResolvers<string[]>()
  child.once('error', (error) => resolve([`${program} could not be started: ${error.message}.`]))
  child.once('close', () => resolve([]))
  return { elevation: 'taken', words: await promise }
}
