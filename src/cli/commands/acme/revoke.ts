import { Option, type Command } from 'commander'
import { type RevocationReason, revocationReasons } from '../../../contract/issuing/issuing.ts'
import type { Cli, Session, Result } from '../../frame/command.ts'
import { withYes, type ErasureOptions, confirm } from '../../flags/confirmation.ts'

interface RevokeOptions extends ErasureOptions {
  reason: RevocationReason
}

export function acmeRevokeCommand(acme: Command, cli: Cli): void {
  withYes(acme.command('revoke <ref>'))
    .summary('revoke a certificate that came by ACME')
    .description(
      'Revoke a certificate at the authority that issued it. This cannot be undone. Domains keep serving it until it is replaced. Asks first.',
    )
    .addOption(
      new Option('--reason <reason>', 'why').choices(Object.keys(revocationReasons)).default('unspecified'),
    )
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
