import { readFileSync } from 'node:fs'
import type { Command } from 'commander'
import { acmeDirectories } from '../../../domain/acme-directories.ts'
import type { AcmeAccount } from '../../../contract/acme/acme.ts'
import { EdgekeepError } from '../../../contract/errors/registry.ts'
import { echoOf } from '../../../domain/echo.ts'
import { type Cli, type Session, type Result, usageError } from '../../frame/command.ts'
import { isAmong, withYes, type ErasureOptions, confirm } from '../../flags/confirmation.ts'
import { askPassphrase } from '../../input/passphrase.ts'
import { count } from '../../../contract/text/count.ts'
import { table, facts } from '../../output/format.ts'
import { stdinLine } from '../../input/stdin-line.ts'

interface AddOptions {
  directory: string
  roots?: string
  email?: string
  agree?: boolean
  bindingKeyId?: string
  bindingKeyStdin?: boolean
}

const directoryHelp = `the directory: ${acmeDirectories.map(({ id }) => id).join(', ')}, or a URL`

export function acmeAccountCommands(acme: Command, cli: Cli): void {
  const account = acme.command('account').description('accounts with ACME authorities')
  account
    .command('add <name>')
    .summary('add an account with an authority')
    .description(
      'Add an account with an authority. Its key is created in the vault and stays there. A directory on this computer or in its network is used only if you type it here.',
    )
    .requiredOption('--directory <id|url>', directoryHelp)
    .option('--roots <file>', 'PEM of the roots that the server of the directory is verified by')
    .option('--email <address>', 'contact address for the authority')
    .option('--agree', 'agree to the terms of service of the authority')
    .option('--binding-key-id <id>', 'external account binding: the key identifier')
    .option('--binding-key-stdin', 'read its MAC key from the first line of standard input')
    .addHelpText(
      'after',
      '\nExamples:\n  $ edgekeep acme account add "Let’s Encrypt" --directory letsencrypt --email ops@example.com --agree\n  $ edgekeep acme account add Corp --directory https://ca.corp/acme/directory --roots corp-root.pem',
    )
    .action(cli.keys(add))
  account
    .command('list')
    .description('List the accounts.')
    .addHelpText('after', '\nExample:\n  $ edgekeep acme account list')
    .action(cli.facts(list))
  account
    .command('rollover <ref>')
    .description('Give an account a new key, created in the vault.')
    .addHelpText('after', '\nExample:\n  $ edgekeep acme account rollover "Let’s Encrypt"')
    .action(cli.keys(rollover))
  withYes(account.command('end <ref>'))
    .summary('deactivate an account and erase its key')
    .description('Deactivate an account at the authority and erase its key. Asks first.')
    .option('--force', 'also if certificates are renewed with it')
    .addHelpText('after', '\nExample:\n  $ edgekeep acme account end "Let’s Encrypt"')
    .action(cli.keys(end))
  acme
    .command('directory <id|url>')
    .description('Show what a directory offers: terms, profiles, renewal information. Nothing is stored.')
    .option('--roots <file>', 'PEM of the roots that its server is verified by')
    .addHelpText(
      'after',
      '\nExamples:\n  $ edgekeep acme directory letsencrypt\n  $ edgekeep acme directory https://ca.corp/acme/directory --roots corp-root.pem',
    )
    .action(cli.facts(show))
}

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
    ...(email === undefined ? {} : { email }),
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
    return readFileSync(file, 'utf8')
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
    text: `"${account.name}" has another key. The one before signs nothing any more.`,
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
  const text = facts([
    ['Server', host],
    ['Terms', termsOfService ?? 'none'],
    ['Binding', needsBinding ? 'needed' : 'not needed'],
    ['Renewal info', renewalInfo ? 'yes' : 'no'],
    ...profiles.map(({ name, description }): [string, string] => ['Profile', `${name}: ${description}`]),
  ])
  return { data: { directory: found }, text }
}
