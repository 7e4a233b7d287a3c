import { Option, type Command } from 'commander'
import {
  revocationReasonSchema,
  type Issued,
  type RevocationReason,
} from '../../../contract/issuing/issuing.ts'
import { readableName } from '../../../contract/text/readable-name.ts'
import type { Cli, Session, Result } from '../../frame/command.ts'
import { withYes, type ErasureOptions, confirm } from '../../flags/confirmation.ts'
import { table, timeLeft } from '../../output/format.ts'
import { allPages } from '../../output/all-pages.ts'

interface RevokeOptions extends ErasureOptions {
  reason: RevocationReason
}

/** Certificates of the local authority: list, revoke, issue again. */
export function revocationCommands(cert: Command, cli: Cli): void {
  cert
    .command('issued')
    .description(
      'List everything the local authority has signed, except for trust tests, and what is revoked.',
    )
    .addHelpText('after', '\nExample:\n  $ edgekeep cert issued')
    .action(cli.facts(list))
  withYes(cert.command('revoke <ref>'))
    .summary('revoke a certificate of the local authority')
    .description(
      'Revoke a certificate of the local authority, by name, serial number or start of its SHA-256 fingerprint. Its revocation list and OCSP answers say so at once ("authority publish" serves them). It stays where it is used.',
    )
    .addOption(
      new Option('--reason <reason>', 'reason shown in the revocation list')
        .choices([...revocationReasonSchema.options])
        .default('unspecified'),
    )
    .addHelpText('after', '\nExample:\n  $ edgekeep cert revoke shop.test --reason keyCompromise')
    .action(cli.keys(revoke))
  cert
    .command('reissue <ref>')
    .summary('issue a certificate again, with a new key')
    .description(
      'Issue a certificate of the local authority again, for the same names and with a new key, and give it to the domains that have the old one.',
    )
    .addHelpText('after', '\nExample:\n  $ edgekeep cert reissue shop.test')
    .action(cli.keys(reissue))
}

const sources: Record<Issued['source'], string> = {
  vault: 'in the vault',
  device: 'on a device',
  request: 'by request',
  acme: 'by ACME',
}

async function list({ client }: Session): Promise<Result> {
  const issued: Issued[] = []
  for await (const page of allPages((after) => client.localCertificates.issued({ after })))
    issued.push(...page.issued)
  const rows = issued.map((one) => [
    one.title,
    one.names.map(readableName).join(', '),
    one.usage,
    sources[one.source],
    one.revoked ? `REVOKED ${one.revoked.at}` : timeLeft(one),
    one.serialHex,
  ])
  const text = table(
    ['TITLE', 'NAMES', 'FOR', 'KEY', 'VALIDITY', 'SERIAL'],
    rows,
    'The local authority has signed nothing yet.',
  )
  return { data: { issued }, text }
}

async function revoke({ client }: Session, reference: string, options: RevokeOptions): Promise<Result> {
  const { reason, yes } = options
  const { title, serialHex } = await client.localCertificates.revoke({ reference, reason, dryRun: true })
  if (!yes) await confirm(`This revokes "${title}", serial ${serialHex}, for good. Revoke it?`)
  const revoked = await client.localCertificates.revoke({ reference: serialHex, reason })
  const { address } = await client.localCertificates.revocationService()
  const served = address
    ? `Clients that ask ${address} are told.`
    : 'Nothing serves the revocation list: edgekeep authority publish'
  return { data: { revoked }, text: `Revoked "${revoked.title}", serial ${revoked.serialHex}. ${served}` }
}

async function reissue({ client }: Session, reference: string): Promise<Result> {
  const answer = await client.localCertificates.reissue({ reference })
  const { certificate, domains } = answer
  const where = domains.length > 0 ? `, and ${domains.join(', ')} served with it` : ''
  return {
    data: { ...answer },
    text: `Issued "${certificate.name}"${where}: ${timeLeft(certificate)}.`,
  }
}
