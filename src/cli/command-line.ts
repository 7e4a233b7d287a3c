import '../platform/tls/peer-certificates.ts'
import { CommanderError } from 'commander'
import { EdgekeepError } from '../contract/errors/registry.ts'
import { reportFailure } from './output/output.ts'
import { createProgram } from './program.ts'
import { helpAsOption, refuseUnknownCommand } from './usage-mistakes.ts'

/** Runs one command line. Returns its exit status. No stack trace reaches a person. */
export async function runCommandLine(argv: string[]): Promise<number> {
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
