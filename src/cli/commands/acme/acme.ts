import type { Command } from 'commander'
import type { Cli } from '../../frame/command.ts'
import { acmeAccountCommands } from './account.ts'
import { acmeServerAccountCommands } from './accounts.ts'
import { acmeDnsCommands } from './dns.ts'
import { acmeRevokeCommand } from './revoke.ts'
import { rehearseCommand } from './rehearse.ts'
import { acmeServerCommands } from './serve.ts'

export function acmeCommands(program: Command, cli: Cli): void {
  const acme = program
    .command('acme')
    .description('certificates from ACME authorities, and your own ACME server')
  acmeAccountCommands(acme, cli)
  acmeDnsCommands(acme, cli)
  acmeRevokeCommand(acme, cli)
  acmeServerCommands(acme, cli)
  acmeServerAccountCommands(acme, cli)
  rehearseCommand(acme, cli)
}
