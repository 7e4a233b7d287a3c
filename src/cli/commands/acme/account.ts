import { type Flags, type OptionsOf, all, facts, group, keys } from '../../frame/declare.ts'
import { acmeDirectories } from '../../../domain/acme-directories.ts'
import type { AcmeAccount } from '../../../contract/acme/acme.ts'
import { inputLimitBytes } from '../../../contract/shared/input-limit.ts'
import { readOrdinaryFile } from '../../../platform/files/ordinary-file.ts'
import { EdgekeepError } from '../../../contract/errors/registry.ts'
import { echoOf } from '../../../domain/echo.ts'
import { type Session, type Result, usageError } from '../../frame/command.ts'
import { isAmong, yesFlag, type ErasureOptions, confirm } from '../../flags/confirmation.ts'
import { askPassphrase } from '../../input/passphrase.ts'
import { count } from '../../../contract/text/count.ts'
import { table, factLines } from '../../output/format.ts'
import { stdinLine } from '../../input/stdin-line.ts'

const directoryHelp = `the directory: ${acmeDirectories.map(({ id }) => id).join(', ')}, or a URL`

const addFlags = {
  '--directory <id|url>': { about: directoryHelp, isRequired: true },
  '--roots <file>': 'PEM of the roots that the server of the directory is verified by',
  '--email <address>': 'contact address for the authority',
  '--agree': 'agree to the terms of service of the authority',
  '--binding-key-id <id>': 'external account binding: the key identifier',
  '--binding-key-stdin': 'read its MAC key from the first line of standard input',
} as const satisfies Flags
type AddOptions = OptionsOf<typeof addFlags>

export const acmeAccountCommands = all([
  group('account', 'accounts with ACME authorities', [
    keys('add <name>', {
      summary: 'add an account with an authority',
      about:
        'Add an account with an authority. Its key is created in the vault and stays there. A directory on this computer or in its network is used only if you type it here.',
      flags: addFlags,
      examples: [
        'acme account add "Let’s Encrypt" --directory letsencrypt --email ops@example.com --agree',
        'acme account add Corp --directory https://ca.corp/acme/directory --roots corp-root.pem',
      ],
      run: add,
    }),
    facts('list', { about: 'List the accounts.', examples: ['acme account list'], run: list }),
    keys('rollover <ref>', {
      about: 'Give an account a new key, created in the vault.',
      examples: ['acme account rollover "Let’s Encrypt"'],
      run: rollover,
    }),
    keys('end <ref>', {
      summary: 'deactivate an account and erase its key',
      about: 'Deactivate an account at the authority and erase its key. Asks first.',
      flags: { ...yesFlag, '--force': 'also if certificates are renewed with it' },
      examples: ['acme account end "Let’s Encrypt"'],
      run: end,
    }),
  ]),
  facts('directory <id|url>', {
    about: 'Show what a directory offers: terms, profiles, renewal information. Nothing is stored.',
    flags: { '--roots <file>': 'PEM of the roots that its server is verified by' },
    examples: [
      'acme directory letsencrypt',
      'acme directory https://ca.corp/acme/directory --roots corp-root.pem',
    ],
    run: show,
  }),
])

async function add({ client }: Session, name: string, options: AddOptions): Promise<Result> {
  const { directory, email, agree, bindingKeyId } = options
  if (bindingKeyId === undefined && options.bindingKeyStdin)
    throw usageError('A binding needs its --binding-key-id too.')
  const macKey =
    bindingKeyId === undefined
      ? undefined
      : options.bindingKeyStdin
        ? stdinLine()
        : await askPassphrase('the external account binding (its MAC key)', '--binding-key-stdin')
  const account = await client.acme.addAccount({
    name,
    directory,
    ...(options.roots === undefined ? {} : { rootsPem: rootsIn(options.roots) }),
    email,
    agreed: agree ?? false,
    ...(bindingKeyId === undefined || macKey === undefined
      ? {}
      : { binding: { keyId: bindingKeyId, macKey } }),
  })
  const text = `Added "${account.name}". Get a certificate with it: edgekeep https on DOMAIN --acme "${account.name}"`
  return { data: { account }, text }
}

function rootsIn(file: string): string {
  try {
    return readOrdinaryFile(file, inputLimitBytes).toString('utf8')
  } catch (error) {
    throw usageError('--roots names a file that cannot be read.', error)
  }
}

async function list({ client }: Session): Promise<Result> {
  const accounts = await client.acme.accounts()
  const cells = accounts.map(({ name, directoryUrl, certificates }: AcmeAccount) => [
    name,
    directoryUrl,
    count(certificates, 'certificate'),
  ])
  const none = 'There is no account yet. Add one: edgekeep acme account add NAME --directory letsencrypt'
  return {
    data: { accounts },
    text: table(['ACCOUNT', 'DIRECTORY', 'RENEWS'], cells, none),
  }
}

async function rollover({ client }: Session, reference: string): Promise<Result> {
  const account = await client.acme.rolloverAccount({ reference })
  return {
    data: { account },
    text: `Key of "${account.name}" replaced. The old key is no longer valid.`,
  }
}

async function end(
  { client }: Session,
  reference: string,
  { yes, force }: ErasureOptions & { force?: boolean },
): Promise<Result> {
  if (!yes) {
    const accounts = await client.acme.accounts()
    if (!isAmong(accounts, reference))
      throw new EdgekeepError('acme.account_not_found', { reference: echoOf(reference) })
    await confirm(`This ends the account "${reference}" at the authority and erases its key. End it?`)
  }
  const { name } = await client.acme.endAccount({ reference, force: force ?? false })
  return { data: { name }, text: `Ended "${name}" and erased its key.` }
}

async function show({ client }: Session, directory: string, { roots }: { roots?: string }): Promise<Result> {
  const found = await client.acme.directory({
    directory,
    ...(roots === undefined ? {} : { rootsPem: rootsIn(roots) }),
  })
  const { host, termsOfService, needsBinding, profiles, renewalInfo } = found
  const text = factLines([
    ['Server', host],
    ['Terms', termsOfService ?? 'none'],
    ['Binding', needsBinding ? 'needed' : 'not needed'],
    ['Renewal info', renewalInfo ? 'yes' : 'no'],
    ...profiles.map(({ name, description }): [string, string] => ['Profile', `${name}: ${description}`]),
  ])
  return { data: { directory: found }, text }
}
