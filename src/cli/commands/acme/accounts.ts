import { type Flags, type OptionsOf, facts } from '../../frame/declare.ts'
import type { AcmeAccount } from '../../../contract/acme/acme-server.ts'
import { type Session, type Result, usageError } from '../../frame/command.ts'
import { yesFlag, confirm } from '../../flags/confirmation.ts'
import { table } from '../../output/format.ts'
import { allPages } from '../../output/all-pages.ts'
import { sentences } from '../../../contract/text/sentences.ts'

const accountsFlags = {
  ...yesFlag,
  '--end <id>': 'deactivate an account',
  '--remove <id>': 'remove an account',
} as const satisfies Flags
type AccountsOptions = OptionsOf<typeof accountsFlags>

export const acmeServerAccountCommands = facts('accounts', {
  summary: 'list the accounts of your ACME server, end or remove one',
  about:
    'List the accounts that clients have created at your ACME server, and how many certificates each got. An account that is ended is deactivated for good: its key gets no more certificates. One that is removed leaves the list, and its client may create another. Their certificates stay valid; "cert revoke" revokes one.',
  flags: accountsFlags,
  examples: ['acme accounts', 'acme accounts --end 6XcJ…'],
  run: accounts,
})

function accounts(session: Session, { end, remove, yes }: AccountsOptions): Promise<Result> {
  if (end !== undefined && remove !== undefined) throw usageError('Give --end or --remove, not both.')
  if (end !== undefined) return endAccount(session, end, yes)
  if (remove !== undefined) return removeAccount(session, remove, yes)
  return list(session)
}

async function list({ client }: Session): Promise<Result> {
  const all: AcmeAccount[] = []
  for await (const page of allPages((after) => client.acmeServer.accounts({ after })))
    all.push(...page.accounts)
  const rows = all.map(({ id, userAgent, contacts, status, certificates, seenAt }) => [
    id,
    userAgent || 'unknown',
    contacts.join(', '),
    status,
    String(certificates),
    seenAt,
  ])
  const text = table(
    ['ID', 'CLIENT', 'CONTACT', 'STATUS', 'CERTIFICATES', 'LAST SEEN'],
    rows,
    sentences.noAcmeAccounts,
  )
  return { data: { accounts: all }, text }
}

async function endAccount({ client }: Session, id: string, yes?: boolean): Promise<Result> {
  if (!yes) await confirm(`The client of account "${id}" gets no more certificates with it. End it?`)
  const account = await client.acmeServer.endAccount({ id })
  return { data: { account }, text: `Account "${id}" is deactivated. Its certificates stay valid.` }
}

async function removeAccount({ client }: Session, id: string, yes?: boolean): Promise<Result> {
  if (!yes) await confirm(`The client of account "${id}" has to create another one. Remove it?`)
  await client.acmeServer.removeAccount({ id })
  return { data: { removed: id }, text: `Account "${id}" is removed. Its certificates stay valid.` }
}
