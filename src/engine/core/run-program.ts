import { count } from '../../contract/text/count.ts'
import { execFile } from 'node:child_process'

const longestMs = 120_000
const mostOutputBytes = 64 * 1024

/**
 * Runs a program of the person, without a shell, with `input` on its standard input. After `timeoutMs` it is
 * killed by a signal that it cannot ignore; programs that it started itself are not.
 * @throws an Error with the exit code or signal
 */
export function runProgram(
  [file = '', ...args]: readonly string[],
  { input = '', timeoutMs = longestMs }: { input?: string; timeoutMs?: number } = {},
): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  const options = {
    timeout: timeoutMs,
    killSignal: 'SIGKILL' as const,
    maxBuffer: mostOutputBytes,
    windowsHide: true,
    env: programEnvironment(),
  }
  const child = execFile(file, args, options, (error, _out, complaint) => {
    if (!error) return resolve()
    const { code, killed } = error
    const how = killed
      ? `it did not end within ${count(timeoutMs / 1000, 'second')}`
      : `it ended with ${code ?? 'a signal'}`
    reject(new Error(complaint.trim() === '' ? how : `${how}: ${complaint.trim().slice(0, 300)}`))
  })
  // A program may end without reading its input.
  child.stdin?.on('error', () => undefined).end(input)
  return promise
}

/** Minimal environment: enough to find the program and its files, without Edgekeep's variables. */
function programEnvironment(): NodeJS.ProcessEnv {
  const { PATH, HOME, LANG, USERPROFILE, SystemRoot, TEMP, TMPDIR } = process.env
  return { PATH, HOME, LANG, USERPROFILE, SystemRoot, TEMP, TMPDIR }
}
