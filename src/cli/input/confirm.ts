import { createInterface } from 'node:readline/promises'
import { usageError } from '../usage-error.ts'

/**
 * Asks at the terminal.
 * @throws `usage.wrong` if the answer is no or there is no terminal
 */
export async function confirm(question: string): Promise<void> {
  if (!process.stdin.isTTY)
    throw usageError(`${question} Nobody can be asked here, so nothing was changed. Confirm it with --yes.`)
  const terminal = createInterface({ input: process.stdin, output: process.stderr })
  try {
    const answer = await terminal.question(`${question} [y/N] `)
    if (!/^y(es)?$/i.test(answer.trim())) throw usageError('Nothing was changed.')
  } finally {
    terminal.close()
  }
}
