import { CommanderError } from 'commander'
import { EdgekeepError } from '../contract/errors.ts'
import { reportFailure } from './output/output.ts'
import { createProgram } from './program.ts'
import { helpAsOption, refuseUnknownCommand } from './usage-mistakes.ts'

/**
 * Ends this process as SIGTERM does once the launcher that started it is gone, killed by what it could not pass
 * on: nobody would know of an engine that ran on. Does nothing where it was started without the launcher.
 */
function endWithLauncher(): void {
  process.once('disconnect', () => {
    // Windows has no such signal: there whoever listens is told, and else it is over.
    if (!process.emit('SIGTERM', 'SIGTERM')) process.exit(128 + sigterm)
  })
  process.channel?.unref()
}

const sigterm = 15

/** Runs one command line and answers its exit status. No stack trace reaches a person. */
async function main(argv: string[]): Promise<number> {
  const json = argv.includes('--json')
  let status = 0
  const program = createProgram((code) => {
    status = code
  })
  try {
    const words = helpAsOption(program, argv)
    refuseUnknownCommand(program, words)
    await program.parseAsync(words, { from: 'user' })
    return status
  } catch (error) {
    // Help and version, which Commander has printed already.
    if (error instanceof CommanderError) return error.exitCode
    // What the engine answers is translated where it is called; anything else here is a mistake of ours.
    return reportFailure(
      error instanceof EdgekeepError ? error : new EdgekeepError('engine.failed', {}),
      json,
    )
  }
}

// `edgekeep … | head`: whoever read our output has seen enough.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error
  process.exit()
})
endWithLauncher()
process.exitCode = await main(process.argv.slice(2))
