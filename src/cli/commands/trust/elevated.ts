import { spawn } from 'node:child_process'
import { confirm } from '../../flags/confirmation.ts'
import { printError } from '../../output/output.ts'
import { administratorsShell } from '../../../engine/trust/stores/administrator.ts'

interface Elevated {
  elevation: 'taken' | 'leave'
  words: string[]
}

/**
 * Runs the script of a plan as the administrator: directly as root, or by sudo at a terminal. There it is
 * shown and confirmed, also with `--yes`: it comes from the engine, and a process that controls the socket
 * must not become root unnoticed. `isConfirmed`: the person saw it with the plan. Without a terminal it is
 * printed, for an administrator to run.
 */
export async function runElevated(
  script: string | null,
  isConfirmed: boolean,
  ask = confirm,
): Promise<Elevated> {
  if (script === null) return { elevation: 'leave', words: [] }
  if (process.getuid?.() === 0) return taken('/bin/sh', ['-c', script])
  if (!process.stdin.isTTY)
    return left(
      script,
      'There is no terminal for the administrator’s password. Run this as the administrator:',
    )
  if (!isConfirmed) showScript(script)
  const isMeant = isConfirmed || (await isAgreed(ask))
  const { program, words } = isWindows
    ? administratorsShell(script)
    : { program: 'sudo', words: ['/bin/sh', '-c', script] }
  return isMeant
    ? taken(program, words)
    : left(script, 'Not run. To change these stores, run this as an administrator:')
}

const isWindows = process.platform === 'win32'

/** Whether a person at this terminal has to see the script before it runs. */
export function isScriptShown(): boolean {
  return process.getuid?.() !== 0 && process.stdin.isTTY
}

export function showScript(script: string): void {
  printError(`\nAs the administrator, ${isWindows ? 'after Windows asked' : 'by sudo'}:\n\n${script}\n`)
}

function isAgreed(ask: typeof confirm): Promise<boolean> {
  return ask('Run this as the administrator?').then(
    () => true,
    () => false,
  )
}

function left(script: string, instruction: string): Elevated {
  return { elevation: 'leave', words: ['', instruction, '', script] }
}

/** Success is read from the stores, not from its exit status. */
async function taken(program: string, words: string[]): Promise<Elevated> {
  const child = spawn(program, words, { stdio: ['inherit', 2, 2] })
  const { promise, resolve } = Promise.withResolvers<string[]>()
  child.once('error', (error) => resolve([`${program} could not be started: ${error.message}.`]))
  child.once('close', () => resolve([]))
  return { elevation: 'taken', words: await promise }
}
