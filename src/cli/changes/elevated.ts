import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { confirm } from '../flags/confirmation.ts'
import { writeOutput } from '../input/files.ts'
import { printError } from '../output/output.ts'
import { administratorsShell } from '../../platform/commands/administrator.ts'
import { programOf } from '../../platform/commands/host-environment.ts'
import { quoted } from '../../platform/commands/shell.ts'

interface Elevated {
  elevation: 'taken' | 'leave'
  /** Command for the administrator, where the script was left. */
  command: string | null
  /** Printed after the outcomes. */
  lines: string[]
}

interface PrivilegedPart {
  script: string | null
  /** Command line that carries out the whole plan. */
  command: string
  folder: string
}

/**
 * Runs the script of a plan as the administrator: directly as root, or by sudo at a terminal. There it is
 * shown and confirmed, also with `--yes`: it comes from the engine, and a process that controls the socket
 * must not become root unnoticed. `isConfirmed`: the person saw it with the plan. Otherwise it is left in a file,
 * with one command for an administrator.
 */
export async function runElevated(
  part: PrivilegedPart,
  isConfirmed: boolean,
  ask = confirm,
): Promise<Elevated> {
  const { script } = part
  if (script === null) return { elevation: 'leave', command: null, lines: [] }
  if (process.getuid?.() === 0) return taken('/bin/sh', ['-c', script])
  if (!process.stdin.isTTY) return left(script, part, 'there is no terminal to ask for the password at')
  if (!canElevate()) return left(script, part, 'sudo is not installed')
  if (!isConfirmed) showScript(script)
  const isMeant = isConfirmed || (await isAgreed(ask))
  if (!isMeant) return left(script, part, 'it was not confirmed')
  const { program, words: args } = isWindows
    ? administratorsShell(script)
    : { program: 'sudo', words: ['/bin/sh', '-c', script] }
  return taken(program, args)
}

const isWindows = process.platform === 'win32'

/** Whether a person at this terminal has to see the script before it runs. */
export function isScriptShown(): boolean {
  return process.getuid?.() !== 0 && process.stdin.isTTY && canElevate()
}

function canElevate(): boolean {
  return isWindows || hasSudo()
}

function hasSudo(): boolean {
  return programOf(process, 'sudo') !== undefined
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

function left(script: string, { command, folder }: PrivilegedPart, reason: string): Elevated {
  const file = join(folder, isWindows ? 'administrator.ps1' : 'administrator.sh')
  // Windows PowerShell 5 reads UTF-8 only after a byte order mark.
  writeOutput(file, Buffer.from(isWindows ? `\ufeff${script}` : script), 'secret')
  const run = isWindows
    ? `powershell -NoProfile -ExecutionPolicy Bypass -File "${file}"`
    : `${hasSudo() ? `sudo sh ${quoted(file)}` : `su -c ${quoted(`sh ${quoted(file)}`)}`} && ${command}`
  const instruction = isWindows
    ? 'Run this in a terminal of the administrator, and then the same command again:'
    : 'This command does it, and goes on:'
  const lines = ['', `Left for the administrator, since ${reason}. ${instruction}`, '', `  ${run}`]
  return { elevation: 'leave', command: run, lines }
}

/** Success is read from the stores, not from its exit status. */
async function taken(program: string, args: string[]): Promise<Elevated> {
  const child = spawn(program, args, { stdio: ['inherit', 2, 2] })
  const { promise, resolve } = Promise.withResolvers<string[]>()
  child.once('error', (error) => resolve([`${program} could not be started: ${error.message}.`]))
  child.once('close', () => resolve([]))
  return { elevation: 'taken', command: null, lines: await promise }
}
