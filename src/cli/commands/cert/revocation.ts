import { type Flags, type OptionsOf, all, facts, keys } from '../../frame/declare.ts'
import { revocationReasonSchema, type Issued } from '../../../contract/issuing/issuing.ts'
import { readableName } from '../../../contract/text/readable-name.ts'
import type { Session, Result } from '../../frame/command.ts'
import { yesFlag, confirm } from '../../flags/confirmation.ts'
import { table, timeLeft } from '../../output/format.ts'
import { allPages } from '../../output/all-pages.ts'

/** Certificates of the local authority: list, revoke, issue again. */
const revokeFlags = {
  ...yesFlag,
  '--reason <reason>': {
    about: 'reason shown in the revocation list',
    choices: revocationReasonSchema.options,
    default: 'unspecified',
  },
} as const satisfies Flags
type RevokeOptions = OptionsOf<typeof revokeFlags>

export const revocationCommands = all([
  facts('issued', {
    about: 'List everything the local authority has signed, except for trust tests, and what is revoked.',
    examples: ['cert issued'],
    run: list,
  }),
  keys('revoke <ref>', {
    summary: 'revoke a certificate of the local authority',
    about:
      'Revoke a certificate of the local authority, by name, serial number or start of its SHA-256 fingerprint. Its revocation list and OCSP answers say so at once ("authority publish" serves them). It stays where it is used.',
    flags: revokeFlags,
    examples: ['cert revoke shop.test --reason keyCompromise'],
    run: revoke,
  }),
  keys('reissue <ref>', {
    summary: 'issue a certificate again, with a new key',
    about:
      'Issue a certificate of the local authority again, for the same names and with a new key, and give it to the domains that have the old one.',
    examples: ['cert reissue shop.test'],
    run: reissue,
  }),
])

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
