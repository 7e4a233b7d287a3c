import { type Flags, type OptionsOf, keys } from '../../frame/declare.ts'
import { EdgekeepError } from '../../../contract/errors/registry.ts'
import { keyKinds } from '../../../contract/issuing/issuing.ts'
import { type Session, type Result, usageError } from '../../frame/command.ts'
import { certificateLine } from '../../output/format.ts'
import { writeOutput } from '../../input/files.ts'
import { newPassphrase } from '../../input/vault-passphrase.ts'

export const lifeFlags = {
  '--days <n>': 'how long it is valid, up to 397 days (default)',
  '--hours <n>': 'how long it is valid, from 1 hour on',
} as const

const issueFlags = {
  ...lifeFlags,
  '--for <usage>': {
    about: 'usage of the certificate',
    choices: ['server', 'client', 'both'],
    default: 'server',
  },
  '--key <kind>': { about: 'type of its key', choices: keyKinds, default: 'p256' },
  '--name <name>': 'name in the vault',
  '--holder <name>': 'with --for client: the person or device it is for',
  '--out <file>': 'with --for client: the PKCS#12 file to write',
  '--new-password-stdin': 'read the passphrase of the file from the first line of standard input',
} as const satisfies Flags
type IssueOptions = OptionsOf<typeof issueFlags>

export const issueCommand = keys('issue [name...]', {
  summary: 'issue a certificate of the local authority',
  about:
    'Issue a certificate of the local authority for domains, wildcards, addresses and e-mail addresses. Its key is created in the vault and stays there. A client certificate is written once, with its key, as PKCS#12 under a passphrase; Edgekeep keeps no copy of that key.',
  flags: issueFlags,
  examples: [
    'cert issue shop.test "*.shop.test" 127.0.0.1 --key rsa2048 --days 30',
    'cert issue anna@shop.test --for client --holder "Anna’s phone" --out anna.p12',
  ],
  run: (session, names: string[], options: IssueOptions) =>
    options.for === 'client' ? issueForDevice(session, names, options) : issue(session, names, options),
})

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
