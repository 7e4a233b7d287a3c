import type { Command } from 'commander'
import type { Cli } from '../../command.ts'
import { acmeAccountCommands } from './account.ts'
import { acmeDnsCommands } from './dns.ts'
import { acmeRevokeCommand } from './revoke.ts'

export function acmeCommands(program: Command, cli: Cli): void {
  const acme = program.command('acme').description('certificates from authorities that speak ACME')
  acmeAccountCommands(acme, cli)
  acmeDnsCommands(acme, cli)
  acmeRevokeCommand(acme, cli)
}
