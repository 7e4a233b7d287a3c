import { type Flags, type OptionsOf, all, keys } from '../../frame/declare.ts'
import { EdgekeepError } from '../../../contract/errors/registry.ts'
import { keyKinds, type KeyKind } from '../../../contract/issuing/issuing.ts'
import type { ReadRequest } from '../../../contract/local-authority/local-certificates.ts'
import { echoOf } from '../../../domain/echo.ts'
import type { Session, Result } from '../../frame/command.ts'
import { yesFlag, type ErasureOptions, confirm } from '../../flags/confirmation.ts'
import { printError } from '../../output/output.ts'
import { sentences } from '../../../contract/text/sentences.ts'
import { table, factLines, timeLeft } from '../../output/format.ts'
import { asUploads, readFiles, writeOutput } from '../../input/files.ts'
import { lifeHoursOf, lifeFlags } from './issue.ts'

/** Certificate requests: foreign ones for the local authority, and our own for others. */
const signFlags = {
  ...lifeFlags,
  ...yesFlag,
  '--for <usage>': {
    about: 'what it is for (default: what the request asks for, else server)',
    choices: ['server', 'client', 'both'],
  },
  '--out <file>': 'where to write the certificate and its chain (default: standard output)',
} as const satisfies Flags
type SignOptions = OptionsOf<typeof signFlags>

const signCommand = keys('sign <file>', {
  summary: 'sign a certificate request with the local authority',
  about:
    'Sign a certificate request (CSR) with the local authority, after showing what it asks for. The key stays with whoever made the request.',
  flags: signFlags,
  examples: ['cert sign printer.csr --days 90 --out printer.crt'],
  run: sign,
})

export const requestCommands = all([
  signCommand,
  keys('request <name...>', {
    summary: 'create a certificate request whose key stays in the vault',
    about:
      'Create a certificate request (CSR) whose key stays in the vault. When the certificate comes back, "cert import" and "https on --upload" find its key.',
    flags: {
      '--key <kind>': { about: 'type of its key', choices: keyKinds, default: 'p256' },
      '--common-name <name>': 'common name (default: the first domain)',
      '--out <file>': 'file to write (default: PEM to standard output)',
    },
    examples: ['cert request shop.example.com --out shop.csr'],
    run: request,
  }),
  keys('requests', {
    summary: 'list the requests without a certificate yet',
    about: 'List the requests without a certificate yet. --forget erases one with its key.',
    flags: { ...yesFlag, '--forget <ref>': 'erase a request, by title or ID' },
    examples: ['cert requests', 'cert requests --forget shop.example.com'],
    run: (session, options: ErasureOptions & { forget?: string }) =>
      options.forget === undefined ? list(session) : forget(session, options.forget, options),
  }),
])

async function sign({ client }: Session, path: string, options: SignOptions): Promise<Result> {
  const files = asUploads(readFiles([path]))
  const lifeHours = lifeHoursOf(options)
  const asked = await client.localCertificates.readRequest({ files })
  if (!options.yes) await confirm(`${formatRequest(asked)}\nSign it?`)
  const signed = await client.localCertificates.sign({ files, usage: options.for, lifeHours })
  const { certificate, chainPem } = signed
  if (options.out) writeOutput(options.out, Buffer.from(chainPem), 'public')
  const text = options.out
    ? `${formatRequest(asked)}\nWrote ${options.out}: ${timeLeft(certificate)}.`
    : chainPem
  return { data: { ...signed, ...(options.out ? { written: options.out } : {}) }, text }
}

function formatRequest({ subject, names, usage, key, leftOut }: ReadRequest): string {
  return factLines([
    ['Subject', subject || 'none'],
    ['Names', names.join(', ') || 'none'],
    ['For', usage ?? 'not said'],
    ['Key', key],
    ['Left out', leftOut.join(', ')],
  ])
}

async function request(
  { client }: Session,
  names: string[],
  { key, commonName, out }: { key: KeyKind; commonName?: string; out?: string },
): Promise<Result> {
  printError(`The key of this request is made in the vault, for this Edgekeep alone. ${sentences.keysStay}`)
  const made = await client.localCertificates.request({ names, key, commonName })
  if (out) writeOutput(out, Buffer.from(made.pem), 'public')
  const text = out
    ? `Wrote ${out}. Its key is in the vault; import the certificate when it comes back.`
    : made.pem
  return { data: { request: made }, text }
}

async function list({ client }: Session): Promise<Result> {
  const requests = await client.localCertificates.requests()
  const rows = requests.map(({ title, names, keyType, createdAt }) => [
    title,
    names.join(', '),
    keyType,
    createdAt,
  ])
  const text = table(
    ['TITLE', 'NAMES', 'KEY', 'MADE'],
    rows,
    'No certificate request is waiting. Make one: edgekeep cert request shop.example.com',
  )
  return { data: { requests }, text }
}

async function forget({ client }: Session, reference: string, { yes }: ErasureOptions): Promise<Result> {
  if (!yes) {
    const requests = await client.localCertificates.requests()
    if (!requests.some(({ id, title }) => id === reference || title === reference))
      throw new EdgekeepError('request.not_found', { reference: echoOf(reference) })
    await confirm(
      `This erases the request "${reference}" with its key; a certificate for it could not be used. Forget it?`,
    )
  }
  const { title } = await client.localCertificates.forgetRequest({ reference })
  return { data: { title }, text: `Erased the request "${title}" and its key.` }
}
