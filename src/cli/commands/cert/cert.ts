import { type Flags, type OptionsOf, facts, group, keys, runs } from '../../frame/declare.ts'
import { formatNumber } from '../../../contract/text/count.ts'
import type { Client } from '../../../client/client.ts'
import { EdgekeepError } from '../../../contract/errors/registry.ts'
import { takenNameSentence } from '../../../domain/certificate-title.ts'
import { formatSize } from '../../../contract/text/format-size.ts'
import { readableName } from '../../../contract/text/readable-name.ts'
import { confirm, type ErasureOptions } from '../../flags/confirmation.ts'
import { oneOrMany, targetFlags } from '../../bulk/targets.ts'
import { certificateListCommand } from './list.ts'
import { removeMany } from './many.ts'
import { printLine } from '../../output/output.ts'
import { formatAnswers, formatCertificateFacts, certificateLine, factLines } from '../../output/format.ts'
import { type Result, type GlobalOptions, type Session, usageError } from '../../frame/command.ts'
import { passwordFlag, passwordStdinFlag } from '../../input/passphrase.ts'
import { writeOutput } from '../../input/files.ts'
import { withEngine } from '../../session.ts'
import { stageFiles } from '../../input/staging.ts'
import { importAll } from './import-all.ts'
import { adviceAfter } from './import-advice.ts'
import { issueCommand } from './issue.ts'
import { recordCommands } from './records.ts'
import { replaceCommand } from './replace.ts'
import { requestCommands } from './requests.ts'
import { revocationCommands } from './revocation.ts'
import { setRenewalCommand } from '../renewal/set-renewal.ts'
import { formatRenewal } from '../../output/format-renewal.ts'

const exportFormats = ['pem', 'leaf', 'der', 'p7b'] as const
type ExportFormat = (typeof exportFormats)[number]

/**
 * Parses `--format`.
 * @throws `key.never_exported` for the formats that hold a key, `usage.wrong` for others
 */
function exportFormat(text: string): ExportFormat {
  const known = exportFormats.find((format) => format === text)
  if (known) return known
  if (/^(?:pfx|p12|pkcs12|jks|key)$/i.test(text)) throw new EdgekeepError('key.never_exported', {})
  throw usageError(`--format "${text}" is not one of ${exportFormats.join(', ')}.`)
}

const importFlags = {
  '--name <name>': 'name in the vault',
  '--all': 'import everything in these folders, pairing certificates and keys by public key',
  '--all-or-nothing': 'with --all: import nothing if one cannot be imported',
  ...passwordFlag,
  ...passwordStdinFlag,
} as const satisfies Flags
type ImportOptions = OptionsOf<typeof importFlags>

const exportFlags = {
  '--format <format>': {
    about: 'pem: chain as PEM; leaf: leaf as PEM; der: leaf as DER; p7b: chain as P7B',
    choices: exportFormats,
    default: 'pem',
    parse: exportFormat,
  },
  // Not in the help: it only answers people who look for it.
  '--with-key': { about: '', isHidden: true },
  '--out <file>': 'output file (default: PEM to standard output)',
} as const satisfies Flags
type ExportOptions = OptionsOf<typeof exportFlags>

export const certificateCommands = group('cert', 'certificates in the vault', [
  setRenewalCommand,
  keys('import <file...>', {
    summary: 'import a certificate and its key into the vault',
    about:
      'Import a certificate and its key into the vault. The key can never be read back: keep your own file of it if another server needs it.',
    flags: importFlags,
    examples: [
      'cert import --name "shop 2026" fullchain.pem privkey.pem',
      'cert import --all /etc/letsencrypt/live',
    ],
    run: importPaths,
  }),
  certificateListCommand,
  facts('show <ref>', {
    about: 'Show one certificate, by name, ID or start of its SHA-256 fingerprint.',
    examples: ['cert show shop'],
    run: show,
  }),
  runs('export <ref>', {
    about: 'Export the public parts of a certificate. Private keys never leave the vault.',
    flags: exportFlags,
    examples: ['cert export shop --out fullchain.pem'],
    run: (global, reference: string, options: ExportOptions) => {
      if (options.withKey) throw new EdgekeepError('key.never_exported', {})
      return exportPublic(global, reference, options)
    },
  }),
  keys('remove [ref...]', {
    summary: 'erase certificates and their keys',
    about: 'Erase certificates and their keys, after asking. A certificate in use is not removed.',
    flags: targetFlags(),
    examples: ['cert remove "shop 2025"', 'cert remove --tag 2025 --dry-run'],
    run: oneOrMany(remove, removeMany),
  }),
  issueCommand,
  requestCommands,
  revocationCommands,
  replaceCommand,
  recordCommands,
])

function importPaths(session: Session, paths: string[], options: ImportOptions): Promise<Result> {
  if (options.all && options.name !== undefined)
    throw usageError('--name is for one certificate, and --all imports many.')
  if (options.all) return importAll(session, paths, options)
  if (options.allOrNothing) throw usageError('--all-or-nothing goes with --all.')
  return importFiles(session, paths, options)
}

async function importFiles({ client }: Session, paths: string[], options: ImportOptions): Promise<Result> {
  const { stagingId } = await stageFiles(client, paths, options)
  const certificate = await client.certificates.import({ stagingId, name: options.name })
  const text = [
    `${formatImported(certificate)} ${takenNameSentence(options.name, certificate.name)}`.trimEnd(),
    'The key matches and is sealed in the vault; the files you gave still hold it.',
  ]
  const advice = await adviceAfter(client, [certificate.id])
  return { data: { certificate, ...advice.data }, text: [...text, ...advice.lines].join('\n') }
}

function formatImported(certificate: Awaited<ReturnType<Client['certificates']['import']>>): string {
  const { name, formerName, usedBy } = certificate
  if (formerName === null) return `Imported "${name}": ${certificateLine(certificate)}.`
  const renamed = formerName === name ? '' : ` Its name was "${formerName}".`
  return `Kept "${name}", which ${usedBy.map(readableName).join(', ')} has already: ${certificateLine(certificate)}.${renamed}`
}

async function show({ client }: Session, reference: string): Promise<Result> {
  const { id } = await client.certificates.find({ reference })
  const detail = await client.certificates.get({ id })
  const { summary, chain, verification } = detail
  const head = factLines([
    ['Name', summary.name],
    ['Kind', summary.kind],
    ['Renewal', formatRenewal(summary.renewal)],
    ['Used by', summary.usedBy.map(readableName).join(', ') || 'no domain'],
    ['Revoked', summary.revoked ? 'yes; replace it at once' : undefined],
    ['Covers', summary.covering ? undefined : 'not every domain that uses it'],
    ['Tags', summary.tags.join(', ')],
    ['Owner', summary.owner],
    ['Note', summary.note],
    ['Key', 'in the vault, sealed; it matches and cannot be read back'],
  ])
  const text = [
    head,
    formatAnswers(verification.answers),
    ...chain.map((one) => formatCertificateFacts(one)),
  ].join('\n\n')
  return { data: { ...detail }, text }
}

async function exportPublic(
  global: GlobalOptions,
  reference: string,
  { format, out }: { format: ExportFormat; out?: string },
): Promise<number> {
  const file = await withEngine(
    global,
    async ({ client }) => {
      const { id } = await client.certificates.find({ reference })
      return client.certificates.export({ id, format })
    },
    'facts',
  )
  const bytes = Buffer.from(file.contentBase64, 'base64')
  if (out) writeOutput(out, bytes, 'public')
  if (global.json) printLine(JSON.stringify({ ok: true, ...file, ...(out ? { written: out } : {}) }))
  else if (out) printLine(`Wrote ${out} (${formatSize(bytes.length)}).`)
  else process.stdout.write(bytes)
  return 0
}

async function remove({ client }: Session, reference: string, { yes }: ErasureOptions): Promise<Result> {
  const { id, name: found, usedBy } = await client.certificates.find({ reference })
  if (!yes && usedBy.length === 0) {
    const domains = await client.domains.list()
    const rollbacks = domains.filter(({ https }) => https.previousCertificate?.id === id)
    const lost = lostRollbacks(rollbacks.map((domain) => domain.name))
    await confirm(`This erases the certificate "${found}" and its private key.${lost} Remove it?`)
  }
  const { name, rollbacks } = await client.certificates.remove({ id })
  const text = `Removed "${name}"; its key is erased.${lostRollbacks(rollbacks)}`
  return { data: { name, rollbacks }, text }
}

/** Sentence about the domains for which a certificate is the one before the last swap. */
function lostRollbacks([first, ...others]: string[]): string {
  if (first === undefined) return ''
  const more = others.length > 0 ? ` and ${formatNumber(others.length)} more` : ''
  return ` There is no going back to it for ${readableName(first)}${more}.`
}
