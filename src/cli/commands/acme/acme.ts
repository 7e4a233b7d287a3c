import { type Command, Option } from 'commander'
import type { Cli, Session, Result } from '../../frame/command.ts'
import { acmeAccountCommands } from './account.ts'
import { acmeServerAccountCommands } from './accounts.ts'
import { acmeDnsCommands } from './dns.ts'
import { rehearseCommand } from './rehearse.ts'
import { acmeServerCommands } from './serve.ts'
import { type RevocationReason, revocationReasons } from '../../../contract/issuing/issuing.ts'
import { withYes, type ErasureOptions, confirm } from '../../flags/confirmation.ts'

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

interface RevokeOptions extends ErasureOptions {
  reason: RevocationReason
}

function acmeRevokeCommand(acme: Command, cli: Cli): void {
  withYes(acme.command('revoke <ref>'))
    .summary('revoke a certificate that came by ACME')
    .description(
      'Revoke a certificate at the authority that issued it. This cannot be undone. Domains keep serving it until it is replaced. Asks first.',
    )
    .addOption(
      new Option('--reason <reason>', 'why').choices(Object.keys(revocationReasons)).default('unspecified'),
    )
    .addHelpText('after', '\nExample:\n  $ edgekeep acme revoke shop --reason superseded')
    .action(cli.keys(revoke))
}

async function revoke(
  { client }: Session,
  reference: string,
  { yes, reason }: RevokeOptions,
): Promise<Result> {
  const { id, name } = await client.certificates.find({ reference })
  if (!yes) await confirm(`Clients will refuse "${name}" from now on, for good. Revoke it?`)
  await client.acme.revoke({ certificateId: id, reason })
  return { data: { name, reason }, text: `Revoked "${name}". Replace it: edgekeep renew "${name}"` }
}
