import { runProgram } from '../../core/run-program.ts'

/**
 * Runs the user's program with `present` or `cleanup`, the record's name and its value. The value is not
 * secret, since it is published.
 * @throws as `runProgram`
 */
export function runDnsHook(
  command: readonly string[],
  act: 'present' | 'cleanup',
  record: { name: string; value: string },
): Promise<void> {
  return runProgram([...command, act, record.name, record.value])
}
