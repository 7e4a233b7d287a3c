import type { Command } from 'commander'
import type { CleanDiff, IntakeReport, Piece } from '../../contract/certificate-facts.ts'
import { EdgekeepError, isErrorCode, placeInWords, type ErrorData } from '../../contract/errors.ts'
import { visibleText } from '../../contract/visible-text.ts'
import { readFiles } from '../files.ts'
import type { Result } from '../output.ts'
import { givenPassphrase, PASSWORD_HELP, PASSWORD_STDIN_HELP, type PassphraseOptions } from '../passphrase.ts'
import type { Cli } from '../command.ts'
import { certificateFactsInWords } from '../words.ts'

export function inspectCommand(program: Command, cli: Cli): void {
  program
    .command('inspect <file...>')
    .summary('say what is in certificate and key files, offline')
    .description(
      'Say what is in files: certificates, keys, chains, requests. Offline; nothing is stored, no key is shown. A folder stands for its files, "-" for standard input.',
    )
    .option('--password <passphrase>', PASSWORD_HELP)
    .option('--password-stdin', PASSWORD_STDIN_HELP)
    .addHelpText(
      'after',
      '\nExamples:\n  $ edgekeep inspect fullchain.pem privkey.pem\n  $ edgekeep inspect --password-stdin shop.pfx < passphrase.txt',
    )
    .action(cli.answer((_global, paths: string[], options: PassphraseOptions) => inspect(paths, options)))
}

async function inspect(paths: string[], options: PassphraseOptions): Promise<Result> {
  const { openIntake } = await import('../../engine/pki/intake.ts')
  const passphrase = givenPassphrase(options)
  const files = readFiles(paths)
  const intake = openIntake(files, { passphrase })
  for (const { bytes } of files) bytes.fill(0)
  try {
    const { report } = intake
    return { data: { ...report }, words: reportInWords(report), no: whatIsWrong(report) }
  } finally {
    intake.destroy()
  }
}

/** Input is good when something was found and nothing of it was unreadable. */
function whatIsWrong({ pieces, problems }: IntakeReport): EdgekeepError | undefined {
  const [first] = problems
  if (!first) return pieces.length > 0 ? undefined : new EdgekeepError('input.nothing_found', {})
  if (pieces.some((piece) => piece.kind !== 'unknown')) return undefined
  const code = isErrorCode(first.code) ? first.code : 'input.invalid'
  return new EdgekeepError(code, { ...first, reason: first.message } as unknown as ErrorData<typeof code>)
}

function reportInWords(report: IntakeReport): string {
  const titles = new Map(report.pieces.map((piece) => [piece.id, piece.certificate?.title ?? piece.title]))
  const bundles = report.bundles.map(({ leaf, chain, key }) => {
    const steps = [leaf, ...chain].map((id) => titles.get(id)).join(' ← ')
    return `${steps}: ${key ? 'its key is here and matches' : 'its key is not here'}`
  })
  const sections = [
    ...report.pieces.map(pieceInWords),
    section('Belongs together', bundles),
    section(
      'To be servable',
      report.fixes.map(({ message }) => message),
    ),
    report.clean && report.fixes.length > 0 ? section('To be served', diffInWords(report.clean)) : '',
    section(
      'Problems',
      report.problems.map(({ message }) => message),
    ),
  ]
  return sections.filter(Boolean).join('\n\n')
}

const signs = { file: '@', kept: ' ', removed: '-', added: '+' } as const
const longestRun = 6

/** Lines with their signs, and of a long run of one sign only the first two and the last. */
function diffInWords({ lines, omitted }: CleanDiff): string[] {
  const runs = lines.reduce<CleanDiff['lines'][]>((all, line) => {
    const run = all.at(-1)
    if (run?.[0]?.change === line.change && run.at(-1)?.text.startsWith('-----END ') !== true) run.push(line)
    else all.push([line])
    return all
  }, [])
  const more = omitted > 0 ? [`… ${omitted} more lines`] : []
  return [...runs.flatMap(runInWords), ...more]
}

function runInWords(run: CleanDiff['lines']): string[] {
  const all = run.map(({ change, text }) => `${signs[change]} ${text}`)
  if (all.length <= longestRun) return all
  return [...all.slice(0, 2), `${all[0]?.[0]} … ${all.length - 3} more lines`, ...all.slice(-1)]
}

function pieceInWords({ place, title, certificate, publicKey, words }: Piece): string {
  const lines = [
    visibleText(`${placeInWords(place)}: ${title}`),
    certificate && certificateFactsInWords(certificate),
    !certificate && publicKey ? `Public key SHA-256  ${publicKey.spkiSha256}` : undefined,
    ...(words ?? []).map(visibleText),
  ]
  return lines.filter(Boolean).join('\n')
}

function section(title: string, lines: string[]): string {
  return lines.length === 0 ? '' : `${title}\n${lines.map((line) => `  ${visibleText(line)}`).join('\n')}`
}
