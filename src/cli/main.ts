import { CommanderError } from 'commander'
import { EdgekeepError } from '../contract/errors.ts'
import { reportFailure } from './output.ts'
import { createProgram } from './program.ts'

/** Runs one command line and answers its exit status. No stack trace reaches a person. */
async function main(argv: string[]): Promise<number> {
  const json = argv.includes('--json')
  let status = 0
  const program = createProgram((code) => {
    status = code
  })
  try {
    await program.parseAsync(argv, { from: 'user' })
    return status
  } catch (error) {
    if (error instanceof CommanderError) return usageStatus(error, json)
    const coded = error instanceof EdgekeepError ? error : await unexpected(error)
    return reportFailure(coded, json)
  }
}

/** Commander has printed its own message already, unless the answer is to be JSON. */
function usageStatus(error: CommanderError, json: boolean): number {
  if (error.exitCode === 0) return 0
  const reason = error.message.replace(/^error: /, '')
  return reportFailure(
    new EdgekeepError('usage.wrong', { reason: `${capitalised(reason)}. See "edgekeep --help".` }),
    json,
  )
}

function capitalised(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1).replace(/\.$/, '')}`
}

async function unexpected(error: unknown): Promise<EdgekeepError> {
  const { asEdgekeepError } = await import('../client/client.ts')
  return asEdgekeepError(error)
}

process.exitCode = await main(process.argv.slice(2))
