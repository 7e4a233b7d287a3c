import { type Flags, type OptionsOf, answer } from '../../frame/declare.ts'
import { keyExchange } from '../../../domain/key-exchange.ts'
import { formatDuration } from '../../../domain/duration-text.ts'
import { existsSync } from 'node:fs'
import type {
  CleanDiff,
  IntakeReport,
  Piece,
  Verification,
} from '../../../contract/inspect/certificate-facts.ts'
import type { Diagnosed } from '../../../contract/inspect/diagnosis.ts'
import type { LintedCertificate } from '../../../contract/inspect/lint.ts'
import { EdgekeepError, formatPlace } from '../../../contract/errors/registry.ts'
import { visibleText } from '../../../contract/text/visible-text.ts'
import type { Intake } from '../../../pki/intake/intake.ts'
import type { NamedBytes } from '../../input/files.ts'
import { completed, questionOf, unreadIn, withGivenFiles, sideOf } from './given-files.ts'
import { type Result, usageError } from '../../frame/command.ts'
import { passphraseHint } from '../../output/output.ts'
import { passwordFlag, passwordStdinFlag } from '../../input/passphrase.ts'
import { formatCertificateFacts, formatHeadline, formatAnswers } from '../../output/format.ts'
import { parseServer } from '../../../domain/server-address.ts'
import { hostFlag, rootsFlag, atFlag, completeFlag, logListFlag } from '../../flags/judging.ts'
import type { RemoteReport } from '../../../contract/inspect/remote.ts'

const inspectFlags = {
  ...hostFlag,
  ...rootsFlag,
  ...atFlag,
  '--remote <host:port>': 'get a server’s chain, as an address among the files does',
  '--server-name <name>': 'for a server: the name it is asked for (SNI; default: its host)',
  ...logListFlag,
  ...completeFlag,
  ...passwordFlag,
  ...passwordStdinFlag,
} as const satisfies Flags
type InspectOptions = OptionsOf<typeof inspectFlags>

export const inspectCommand = answer('inspect [file...]', {
  summary: 'show what is in certificate and key files, offline',
  about:
    'Show what is in files: certificates, keys, chains, requests; problems first, with what to do. Offline; nothing is stored and no key is shown. A folder means all files in it, "-" standard input. An address (https://shop.example, shop.example:443) gets the chain of that server and compares it with the files, if any. Exit status 1 where the certificate is not valid, as "verify" says; with --json 0 where the files can be read, since the verdict is in the answer.',
  flags: inspectFlags,
  examples: [
    'inspect fullchain.pem privkey.pem',
    'inspect --password-stdin shop.pfx < passphrase.txt',
    'inspect https://shop.example renewed.pem',
  ],
  run: ({ json = false }, paths: string[], options: InspectOptions) => inspect(paths, options, json),
})

async function inspect(given: string[], options: InspectOptions, json: boolean): Promise<Result> {
  const { servers = [], paths = [] } = Object.groupBy(given, (each) => (isServer(each) ? 'servers' : 'paths'))
  const [remote = options.remote, ...others] = servers
  if (others.length > 0 || (servers.length > 0 && options.remote !== undefined))
    throw usageError('Name one server at a time.')
  if (remote !== undefined) return inspectServer(remote, paths, options)
  if (options.serverName !== undefined)
    throw usageError(
      '--server-name goes with a server (--remote): it is the name that the server is asked for.',
    )
  if (paths.length === 0)
    throw usageError('Name the files to look into, or a server like https://shop.example.')
  return withGivenFiles(paths, options, async (intake, files) => {
    const { diagnoseFiles, lintOfChain } = await import('../../../pki/inspect/inspect.ts')
    const question = await questionOf(options)
    const addresses = options.complete ? await completed(intake, question) : []
    const { verification, ...diagnoses } = diagnoseFiles(intake, question)
    const lint = lintOfChain(intake, question)
    const { report } = intake
    const added = addresses.map((address) => `Got ${visibleText(address)}`).join('\n')
    const hint = passphraseHint([...intake.unread(), ...report.problems, ...lockedIn(report)]).join()
    const text = [
      formatHeadline(diagnoses),
      hint,
      added,
      formatReport(report, lint, { at: question.at, stated: statedIn(diagnoses) }),
    ]
      .filter(Boolean)
      .join('\n\n')
    const unread = intakeError(intake, files)
    // The `ok` of --json is about the files; the verdict has fields of its own.
    const no = unread ?? (json ? undefined : verdictError(verification, diagnoses, report))
    return { data: { ...diagnoses, verified: verification?.ok ?? null, lint, ...report }, text, no }
  })
}

const lockedIn = ({ pieces }: IntakeReport) =>
  pieces.flatMap(({ locked }) => (locked ? [{ code: 'input.locked' }] : []))

/** Input is good if it has pieces and all of them are readable; a lone locked key is not. */
function intakeError(intake: Intake, files: NamedBytes[]): EdgekeepError | undefined {
  const [unread] = unreadIn(intake, files).unread
  if (unread) return unread
  const { pieces } = intake.report
  const [first] = pieces
  if (!first || pieces.every(({ kind }) => kind === 'unknown'))
    return intake.unread()[0] ?? new EdgekeepError('input.nothing_found', {})
  return pieces.every(({ locked }) => locked)
    ? new EdgekeepError('input.locked', { place: first.place })
    : undefined
}

/** Negative verdict on one certificate, as `verify` and `inspect --remote` give it, or on its key. */
function verdictError(
  verification: Verification | null,
  { diagnosis }: Pick<Diagnosed, 'diagnosis'>,
  { bundles, keyMatch }: IntakeReport,
): EdgekeepError | undefined {
  const isGood = verification === null || bundles.length > 1 || verification.ok
  if (isGood && keyMatch?.matches !== false) return undefined
  return new EdgekeepError('verification.failed', { reason: diagnosis.sentence })
}

/** Sentences of the headline, which no section repeats. */
function statedIn({ diagnosis, others }: Pick<Diagnosed, 'diagnosis' | 'others'>): Set<string> {
  return new Set([diagnosis, ...others].flatMap(({ sentence, nextStep }) => [sentence, nextStep ?? '']))
}

function formatReport(
  report: IntakeReport,
  lint: LintedCertificate[],
  { at, stated }: { at: Date; stated: Set<string> },
): string {
  const unstated = (all: readonly { message: string }[]) =>
    all.map(({ message }) => message).filter((message) => !stated.has(message))
  const titles = new Map(report.pieces.map((piece) => [piece.id, piece.certificate?.title ?? piece.title]))
  const bundles = report.bundles.map(({ leaf, chain, key }) => {
    const steps = [leaf, ...chain].map((id) => titles.get(id)).join(' ← ')
    return `${steps}: ${key ? 'its key is here and matches' : 'its key is not here'}`
  })
  const sections = [
    ...report.pieces.map((piece) => formatPiece(piece, at)),
    section('Belongs together', bundles),
    section('To be servable', unstated(report.fixes)),
    report.clean && report.fixes.length > 0 ? section('To be served', formatDiff(report.clean)) : '',
    section(
      'Lint errors',
      lint.flatMap((one) => formatErrors(one, stated)),
    ),
    section('Problems', unstated(report.problems)),
  ]
  return sections.filter(Boolean).join('\n\n')
}

function formatErrors({ title, findings }: LintedCertificate, stated: Set<string>): string[] {
  return findings
    .filter(({ severity, message }) => severity === 'error' && !stated.has(message))
    .map(({ message, rule }) => `${title}: ${message} (${rule})`)
}

const signs = { file: '@', kept: ' ', removed: '-', added: '+' } as const
const longestRun = 6

/** Lines with their signs; of a long run of one sign only the first two and the last. */
function formatDiff({ lines, omitted }: CleanDiff): string[] {
  const runs = lines.reduce<CleanDiff['lines'][]>((all, line) => {
    const run = all.at(-1)
    if (run?.[0]?.change === line.change && run.at(-1)?.text.startsWith('-----END ') !== true) run.push(line)
    else all.push([line])
    return all
  }, [])
  const more = omitted > 0 ? [`… ${omitted} more lines`] : []
  return [...runs.flatMap(formatRun), ...more]
}

function formatRun(run: CleanDiff['lines']): string[] {
  const all = run.map(({ change, text }) => `${signs[change]} ${text}`)
  if (all.length <= longestRun) return all
  return [...all.slice(0, 2), `${all[0]?.[0]} … ${all.length - 3} more lines`, ...all.slice(-1)]
}

function formatPiece({ place, title, certificate, publicKey, words }: Piece, at: Date): string {
  const lines = [
    visibleText(`${formatPlace(place)}: ${title}`),
    certificate && formatCertificateFacts(certificate, at),
    !certificate && publicKey ? `Public key SHA-256  ${publicKey.spkiSha256}` : undefined,
    ...(words ?? []).map(visibleText),
  ]
  return lines.filter(Boolean).join('\n')
}

function section(title: string, lines: string[]): string {
  return lines.length === 0 ? '' : `${title}\n${lines.map((line) => `  ${visibleText(line)}`).join('\n')}`
}

/** Fetches a server's chain and inspects it like a file, beside the files if there are any. */
async function inspectServer(remote: string, paths: string[], options: InspectOptions): Promise<Result> {
  const server = parseServer(remote)
  if (!server) throw usageError(`"${remote}" is not a server; write it like shop.example:443.`)
  const address = { ...server, serverName: options.serverName }
  const compareWith = paths.length > 0 ? await sideOf(paths, options) : undefined
  const [{ fetchServedChain }, { remoteReport }, { verifyCertificate }, question] = await Promise.all([
    import('../../../engine/inspect/remote/served-chain.ts'),
    import('../../../pki/report/remote-report.ts'),
    import('../../../pki/verify/verify.ts'),
    questionOf(options),
  ])
  const served = await fetchServedChain(address)
  const host = options.host ?? options.serverName ?? address.host
  const report = remoteReport(served, address, {
    verify: (leaf, intermediates) => verifyCertificate({ ...question, leaf, intermediates, host }),
    publicRoots: question.publicRoots,
    at: question.at,
    compareWith,
  })
  const { severity, sentence } = report.diagnosed.diagnosis
  const no = severity === 'bad' ? new EdgekeepError('verification.failed', { reason: sentence }) : undefined
  return { data: { ...report }, text: formatRemote(report, question.at), no }
}

/** An address with its protocol or port; a file of that name is a file. */
function isServer(given: string): boolean {
  return /^https:\/\/|^[^/\\\s]+:\d{1,5}$/i.test(given) && !existsSync(given)
}

function formatRemote({ address, handshake, chain, diagnosed, comparison }: RemoteReport, at: Date): string {
  const { protocol, cipher, alpn, group, tookMs } = handshake
  return [
    formatHeadline(diagnosed),
    `${visibleText(address)}: ${[protocol, cipher, group && keyExchange(group), alpn].filter(Boolean).join(', ')}, ${formatDuration(tookMs)}`,
    ...(diagnosed.verification ? [formatAnswers(diagnosed.verification.answers)] : []),
    ...(comparison
      ? [
          [
            'Served now, against the file',
            ...comparison.summary.map((line) => `  ${visibleText(line)}`),
          ].join('\n'),
        ]
      : []),
    `Certificates: ${chain.length}, in the order sent`,
    ...chain.map((certificate) => formatCertificateFacts(certificate, at)),
  ].join('\n\n')
}
