import type { Command } from 'commander'
import type { Cli } from '../../command.ts'
import { acmeServerCommands } from './serve.ts'

export function acmeCommands(program: Command, cli: Cli): void {
  const acme = program.command('acme').description('certificates by ACME for programs of this computer')
  acmeServerCommands(acme, cli)
}
