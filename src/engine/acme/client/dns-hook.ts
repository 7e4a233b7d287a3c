import { execFile } from 'node:child_process'

const timeoutMs = 120_000
const mostOutputBytes = 64 * 1024

/**
 * Runs the user's program with `present` or `cleanup`, the record's name and its value, without a shell. The
 * value is not secret, since it is published.
 * @throws an Error with the exit code or signal
 */
export function runDnsHook(
  [file = '', ...words]: readonly string[],
  act: 'present' | 'cleanup',
  record: { name: string; value: string },
): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  const options = {
    timeout: timeoutMs,
    maxBuffer: mostOutputBytes,
    windowsHide: true,
    env: hookEnvironment(),
  }
  execFile(file, [...words, act, record.name, record.value], options, (error, _out, said) => {
    if (!error) return resolve()
    const { code, killed } = error
    const how = killed
      ? `it did not end within ${timeoutMs / 1000} seconds`
      : `it ended with ${code ?? 'a signal'}`
    reject(new Error(said.trim() === '' ? how : `${how}: ${said.trim().slice(0, 300)}`))
  })
  return promise
}

/** Minimal environment: enough to find the program and its files, without Edgekeep's variables. */
function hookEnvironment(): NodeJS.ProcessEnv {
  const { PATH, HOME, LANG, USERPROFILE, SystemRoot, TEMP, TMPDIR } = process.env
  return { PATH, HOME, LANG, USERPROFILE, SystemRoot, TEMP, TMPDIR }
}
