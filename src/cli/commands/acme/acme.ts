import { type Flags, type OptionsOf, group, keys } from '../../frame/declare.ts'
import type { Session, Result } from '../../frame/command.ts'
import { acmeAccountCommands } from './account.ts'
import { acmeServerAccountCommands } from './accounts.ts'
import { acmeDnsCommands } from './dns.ts'
import { rehearseCommand } from './rehearse.ts'
import { acmeServerCommands } from './serve.ts'
import { type RevocationReason, revocationReasons } from '../../../contract/issuing/issuing.ts'
import { yesFlag, confirm } from '../../flags/confirmation.ts'

const revokeFlags = {
  ...yesFlag,
  '--reason <reason>': {
    about: 'why',
    choices: Object.keys(revocationReasons) as RevocationReason[],
    default: 'unspecified',
  },
} as const satisfies Flags
type RevokeOptions = OptionsOf<typeof revokeFlags>

const acmeRevokeCommand = keys('revoke <ref>', {
  summary: 'revoke a certificate that came by ACME',
  about:
    'Revoke a certificate at the authority that issued it. This cannot be undone. Domains keep serving it until it is replaced. Asks first.',
  flags: revokeFlags,
  examples: ['acme revoke shop --reason superseded'],
  run: revoke,
})

export const acmeCommands = group('acme', 'certificates from ACME authorities, and your own ACME server', [
  acmeAccountCommands,
  acmeDnsCommands,
  acmeRevokeCommand,
  acmeServerCommands,
  acmeServerAccountCommands,
  rehearseCommand,
])

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
