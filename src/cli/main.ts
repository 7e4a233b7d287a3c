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
    // What the engine answers is translated where it is called; anything else here is a mistake of ours.
    return reportFailure(
      error instanceof EdgekeepError ? error : new EdgekeepError('engine.failed', {}),
      json,
    )
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

// `edgekeep … | head`: whoever read our output has seen enough.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error
  process.exit()
})
process.exitCode = await main(process.argv.slice(2))
