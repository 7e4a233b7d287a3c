import { join } from 'node:path'
import { encodedCommandArgs, literal, powershellPlace } from './powershell.ts'
import type { Obstacle } from '../../contract/trust/trust.ts'
import { commandFor, programOf, type Ran } from './host-environment.ts'

/** Elevated run of a script without a terminal, and the reason if it was refused. */
export interface AdministratorsShell {
  program: string
  words: string[]
  refusal(ran: Ran): string
}

interface Computer {
  platform: NodeJS.Platform
  isRoot: boolean
  env: NodeJS.ProcessEnv
  /** Root folder of a recorded system. */
  root?: string
}

const notGiven = 'The rights of the administrator were not given.'
/** CreateProcess accepts 32,767 characters, including the program's path and other arguments. */
const longestEncoded = 30_000

/** Polkit's dialog on Linux, the system's own on macOS and Windows; none for root. */
export function administratorsShell(
  script: string,
  { platform, isRoot, env, root = '/' }: Computer = here(),
): AdministratorsShell {
  if (platform === 'win32') return byUserAccountControl(script, env)
  if (isRoot) return { program: '/bin/sh', words: ['-c', script], refusal: errorOutput }
  if (platform === 'darwin') return byAuthorization(script)
  return {
    program: 'pkexec',
    words: ['/bin/sh', '-c', script],
    refusal(ran) {
      if (ran.status === 126 || ran.status === 127) return notGiven
      return ran.status === null ? noPkexec(root) : errorOutput(ran)
    },
  }
}

/** Reason why nobody can be asked for the administrator's rights without a terminal; null if they can. */
export function unaskable(command: string, { platform, isRoot, env }: Computer = here()): Obstacle | null {
  const isAskable = platform !== 'linux' || isRoot
  if (isAskable || programOf({ platform, env }, 'pkexec')) return null
  const sentence =
    'This system has no dialog for the administrator’s password: polkit’s pkexec is not installed. This command does all of it at a terminal, by sudo:'
  return { sentence, command }
}

function noPkexec(root: string): string {
  const command = commandFor('pkexec', { platform: 'linux', root })
  return `polkit’s pkexec, which asks for the rights of the administrator, is not installed.${command ? ` Run: ${command}` : ''}`
}

function here(): Computer {
  return { platform: process.platform, isRoot: process.getuid?.() === 0, env: process.env }
}

/** The script is an argument to AppleScript, not part of the program that `osascript` parses. */
function byAuthorization(script: string): AdministratorsShell {
  const lines = [
    'on run words',
    'do shell script (item 1 of words) with prompt "Edgekeep runs what its plan has shown." with administrator privileges',
    'end run',
  ]
  return {
    program: '/usr/bin/osascript',
    words: [...lines.flatMap((line) => ['-e', line]), script],
    // -128 is AppleScript's number for "User canceled".
    refusal: (ran) => (ran.stderr.includes('(-128)') ? notGiven : errorOutput(ran)),
  }
}

/** User Account Control elevates a second PowerShell, which the first waits for. */
function byUserAccountControl(script: string, env: NodeJS.ProcessEnv): AdministratorsShell {
  const program = join(env.SystemRoot ?? 'C:\\Windows', powershellPlace)
  const inner = encodedCommandArgs(script)
  const isTooLong = inner.join(' ').length > longestEncoded
  const outer = isTooLong
    ? `[Console]::Error.WriteLine('TOO LONG'); exit 1`
    : `try { $ran = Start-Process -FilePath ${literal(program)} -Verb RunAs -Wait -PassThru -WindowStyle Hidden -ArgumentList ${inner.map(literal).join(', ')} } catch { [Console]::Error.WriteLine('NOT GIVEN'); exit 1 }; exit $ran.ExitCode`
  return {
    program,
    words: encodedCommandArgs(outer),
    refusal(ran) {
      if (ran.stderr.includes('NOT GIVEN')) return notGiven
      return ran.stderr.includes('TOO LONG')
        ? 'The script is longer than Windows lets one program give another. Run it in an administrator’s PowerShell.'
        : errorOutput(ran) || 'It ended without a word.'
    },
  }
}

function errorOutput({ stderr }: Ran): string {
  return stderr.trim().slice(0, 300)
}
