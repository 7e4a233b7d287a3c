import { type Flags, type OptionsOf, answer } from '../../frame/declare.ts'
import type { AccessPolicy, GivenAccessPolicy } from '../../../contract/domains/access-policy.ts'
import type { Domain } from '../../../contract/domains/domains.ts'
import { type Session, type Result, usageError } from '../../frame/command.ts'
import { askPassphrase, passwordStdinInstead } from '../../input/passphrase.ts'
import { formatEffect } from '../../output/format.ts'
import { withEngine } from '../../session.ts'
import { stdinLine } from '../../input/stdin-line.ts'
import { changePolicies } from './change-policies.ts'
import { sentences } from '../../../contract/text/sentences.ts'

const accessFlags = {
  '--user <name>': 'add a user or change a password; asks for the password, 8 characters or more',
  ...passwordStdinInstead('the password'),
  '--remove-user <name>': 'remove a user',
  '--no-password': 'remove all users, so that no password is asked for',
  '--realm <text>': 'realm that browsers show in the password prompt',
  '--forward-authorization <yes|no>': 'whether the origin gets the Authorization field',
  '--allow <network...>': 'allowed addresses and networks; replaces the list',
  '--allow-all': 'allow every address',
} as const satisfies Flags
type AccessOptions = OptionsOf<typeof accessFlags>

export const accessCommand = answer('access <domain>', {
  summary: 'restrict access by password or address',
  about:
    'Restrict access to a domain by password (Basic authentication) or address. Without options: show the settings.',
  flags: accessFlags,
  examples: [
    'access shop.test --user anna',
    'access shop.test --allow 127.0.0.0/8 ::1 192.168.1.0/24',
    'access shop.test --no-password --allow-all',
  ],
  run: async (global, name: string, options: AccessOptions) => {
    const { password: keepsUsers, ...asked } = options
    if (keepsUsers && Object.keys(asked).length === 0)
      return withEngine(global, (session) => show(session, name), 'facts')
    const given = options.user === undefined ? undefined : await passwordOf(options.user, options)
    return withEngine(global, (session) => change(session, name, options, given))
  },
})

async function passwordOf(user: string, { passwordStdin }: AccessOptions): Promise<string> {
  if (passwordStdin) return stdinLine()
  if (!process.stdin.isTTY) {
    throw usageError(`Give the password of ${user} with --password-stdin.`)
  }
  const first = await askPassphrase(user)
  if (first === (await askPassphrase(`${user}, once more`))) return first
  throw usageError('The two passwords differ. Nothing was changed.')
}

async function change(
  session: Session,
  name: string,
  options: AccessOptions,
  password: string | undefined,
): Promise<Result> {
  const { domain, effect } = await changePolicies(session, name, ({ policies }) => ({
    access: changed(policies.access, options, password),
  }))
  return {
    data: { access: domain.policies.access, effect },
    text: [`${formatAccess(domain)} ${formatEffect(effect)}`, ...cautions(domain)].join('\n'),
  }
}

function changed(now: AccessPolicy, options: AccessOptions, password: string | undefined): GivenAccessPolicy {
  const { allow, allowAll, realm, forwardAuthorization } = options
  if (forwardAuthorization !== undefined && !['yes', 'no'].includes(forwardAuthorization)) {
    throw usageError('Say --forward-authorization yes or no.')
  }
  return {
    allow: allowAll ? null : (allow ?? now.allow),
    users: changedUsers(now.users, options, password),
    realm: realm ?? now.realm,
    forwardAuthorization: forwardAuthorization ? forwardAuthorization === 'yes' : now.forwardAuthorization,
  }
}

function changedUsers(
  now: AccessPolicy['users'],
  { user, removeUser, password: keepsUsers }: AccessOptions,
  password: string | undefined,
): GivenAccessPolicy['users'] {
  if (!keepsUsers) return null
  const left: GivenAccessPolicy['users'] =
    now?.filter(({ name }) => name !== removeUser && name !== user) ?? null
  if (removeUser !== undefined && !now?.some(({ name }) => name === removeUser)) {
    throw usageError(`There is no user ${removeUser}.`)
  }
  return user === undefined ? left : [...(left ?? []), { name: user, password }]
}

async function show({ client }: Session, name: string): Promise<Result> {
  const domain = await client.domains.get({ domain: name })
  const text = [formatAccess(domain), ...cautions(domain)].join('\n')
  return { data: { access: domain.policies.access }, text }
}

function formatAccess({ displayName, policies }: Domain): string {
  const { allow, users, forwardAuthorization } = policies.access
  const names = users?.map(({ name }) => name).join(', ')
  const asked = users === null ? 'no password' : `a password is required; users: ${names || 'none'}`
  const handed = users !== null && forwardAuthorization ? '; passed on to the origin' : ''
  const from = allow === null ? 'all addresses' : allow.join(', ') || 'no address'
  return `${displayName}: ${asked}${handed}; allowed: ${from}.`
}

function cautions({ policies, redirect, https }: Domain): string[] {
  const { allow, users } = policies.access
  const isOpen = users !== null && !(https.state === 'on' && redirect.mode === 'https')
  const isOut = allow !== null && !allow.some((entry) => /^(127\.|::1)/.test(entry))
  return [...(isOpen ? [sentences.passwordOverHttp] : []), ...(isOut ? [sentences.computerLockedOut] : [])]
}
