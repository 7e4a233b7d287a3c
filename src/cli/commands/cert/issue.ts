import { Option, type Command } from 'commander'
import { EdgekeepError } from '../../../contract/errors/registry.ts'
import { keyKinds, type KeyKind, type LeafUsage } from '../../../contract/issuing/issuing.ts'
import { type Cli, type Session, type Result, usageError } from '../../frame/command.ts'
import { certificateLine } from '../../output/format.ts'
import { writeOutput } from '../../input/files.ts'
import { newPassphrase } from '../../input/vault-passphrase.ts'

interface IssueOptions {
  for: LeafUsage
  key: KeyKind
  days?: string
  hours?: string
  name?: string
  holder?: string
  out?: string
  newPasswordStdin?: boolean
}

export function issueCommand(cert: Command, cli: Cli): void {
  withLife(cert.command('issue [name...]'))
    .summary('issue a certificate of the local authority')
    .description(
      'Issue a certificate of the local authority for domains, wildcards, addresses and e-mail addresses. Its key is created in the vault and stays there. A client certificate is written once, with its key, as PKCS#12 under a passphrase; Edgekeep keeps no copy of that key.',
    )
    .addOption(
      new Option('--for <usage>', 'usage of the certificate')
        .choices(['server', 'client', 'both'])
        .default('server'),
    )
    .addOption(new Option('--key <kind>', 'type of its key').choices([...keyKinds]).default('p256'))
    .option('--name <name>', 'name in the vault')
    .option('--holder <name>', 'with --for client: the person or device it is for')
    .option('--out <file>', 'with --for client: the PKCS#12 file to write')
    .option('--new-password-stdin', 'read the passphrase of the file from the first line of standard input')
    .addHelpText(
      'after',
      '\nExamples:\n  $ edgekeep cert issue shop.test "*.shop.test" 127.0.0.1 --key rsa2048 --days 30\n  $ edgekeep cert issue anna@shop.test --for client --holder "Anna’s phone" --out anna.p12',
    )
    .action(
      cli.keys((session, names: string[], options: IssueOptions) =>
        options.for === 'client' ? issueForDevice(session, names, options) : issue(session, names, options),
      ),
    )
}

export function withLife(command: Command): Command {
  return command
    .option('--days <n>', 'how long it is valid, up to 397 days (default)')
    .option('--hours <n>', 'how long it is valid, from 1 hour on')
}

/** Undefined without either option: the longest possible lifetime. */
export function lifeHoursOf({ days, hours }: { days?: string; hours?: string }): number | undefined {
  if (days !== undefined && hours !== undefined) throw usageError('Give --days or --hours, not both.')
  const written = days ?? hours
  if (written === undefined) return undefined
  const number = /^\d{1,4}$/.test(written) ? Number(written) : Number.NaN
  const inHours = days === undefined ? number : number * 24
  if (inHours >= 1 && inHours <= 397 * 24) return inHours
  throw usageError('A certificate is valid for 1 hour to 397 days: --hours 1, --days 90.')
}

async function issue({ client }: Session, names: string[], options: IssueOptions): Promise<Result> {
  if (options.holder !== undefined || options.out !== undefined)
    throw usageError('--holder and --out are for a certificate that goes to a device: --for client.')
  if (names.length === 0) throw new EdgekeepError('issue.no_server_name', {})
  const certificate = await client.localCertificates.issue({
    names,
    usage: options.for === 'both' ? 'both' : 'server',
    key: options.key,
    lifeHours: lifeHoursOf(options),
    name: options.name,
  })
  const text = `Issued "${certificate.name}": ${certificateLine(certificate)}.\nIts key is in the vault and stays there.`
  return { data: { certificate }, text }
}

async function issueForDevice({ client }: Session, names: string[], options: IssueOptions): Promise<Result> {
  const { holder, out, key } = options
  if (holder === undefined || out === undefined)
    throw usageError(
      'A certificate for a client needs --holder, whom it is for, and --out, where it is written.',
    )
  const passphrase = await newPassphrase('the archive', options.newPasswordStdin, '--new-password-stdin')
  const lifeHours = lifeHoursOf(options)
  const file = await client.localCertificates.issueForDevice({ names, holder, key, lifeHours, passphrase })
  const bytes = new Uint8Array(await file.arrayBuffer())
  writeOutput(out, bytes, 'secret')
  return {
    data: { holder, written: out, sizeBytes: bytes.length },
    text: `Wrote ${out} for ${holder}. It holds the only copy of the key, under the passphrase: bring it to the device, then delete it here.`,
  }
}
