import { CommanderError } from 'commander'
import { EdgekeepError } from '../contract/errors/registry.ts'
import { reportFailure } from './output/output.ts'
import { createProgram } from './program.ts'
import { helpAsOption, refuseUnknownCommand } from './usage-mistakes.ts'

/**
 * Ends this process as SIGTERM does when its launcher is gone, killed by a signal that it cannot forward:
 * otherwise the engine would run on unnoticed. No effect without the launcher.
 */
function endWithLauncher(): void {
  process.once('disconnect', () => {
    // Windows has no SIGTERM: this calls its listeners, or exits if there are none.
    if (!process.emit('SIGTERM', 'SIGTERM')) process.exit(128 + sigterm)
  })
  process.channel?.unref()
}

const sigterm = 15

/** Runs one command line. Returns its exit status. No stack trace reaches a person. */
async function main(argv: string[]): Promise<number> {
  const json = argv.includes('--json')
  let status = 0
  const program = createProgram((code) => {
    status = code
  })
  try {
    const args = helpAsOption(program, argv)
    refuseUnknownCommand(program, args)
    await program.parseAsync(args, { from: 'user' })
    return status
  } catch (error) {
    // Help and version, already printed by Commander.
    if (error instanceof CommanderError) return error.exitCode
    // Engine errors are translated at the call; any other is a bug of ours.
    return reportFailure(
      error instanceof EdgekeepError ? error : new EdgekeepError('engine.failed', {}),
      json,
    )
  }
}

// Closed pipe, as in `edgekeep … | head`: not an error.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error
  process.exit()
})
endWithLauncher()
process.exitCode = await main(process.argv.slice(2))
