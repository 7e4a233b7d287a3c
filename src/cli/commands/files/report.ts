import { type Flags, type OptionsOf, answer } from '../../frame/declare.ts'
import { EdgekeepError } from '../../../contract/errors/registry.ts'
import { productVersion } from '../../../contract/engine/product-version.ts'
import type { InspectionReport } from '../../../pki/report/inspection-report.ts'
import { type Result, usageError } from '../../frame/command.ts'
import { bugReport } from './bug-report.ts'
import { passwordFlag, passwordStdinFlag } from '../../input/passphrase.ts'
import { formatHeadline, formatLintTotal } from '../../output/format.ts'
import { writeOutput } from '../../input/files.ts'
import { questionOf, unreadIn, formatUnread, withGivenFiles } from './given-files.ts'
import { lateProgress } from '../../output/progress.ts'
import { hostFlag, rootsFlag, atFlag } from '../../flags/judging.ts'

const reportFlags = {
  '--html <file>': 'write one self-contained HTML file, for reading and printing',
  '--out <file>': 'without certificate files: write the bug report here',
  '--sarif <file>': 'write the findings of the lint as SARIF 2.1.0',
  ...hostFlag,
  ...rootsFlag,
  ...atFlag,
  ...passwordFlag,
  ...passwordStdinFlag,
} as const satisfies Flags
type ReportOptions = OptionsOf<typeof reportFlags>

export const reportCommand = answer('report [file...]', {
  summary: 'write a full report on certificate files, or a bug report',
  about:
    'Write a full report on certificate files: problems first, then verification, lint, preflight, how long it is valid, and every fact. Offline; contains no key. With --json it is printed. Exit status 1 if there is a problem, 2 if something could not be checked. Without a file: a bug report with versions, state and the ends of the logs; names and folders of yours are replaced, and no key is in it. While the vault cannot be read, the logs are left out.',
  flags: reportFlags,
  examples: [
    'report fullchain.pem privkey.pem --html report.html',
    'report certs/ --json',
    'report --out bug.md',
  ],
  run: (global, paths: string[], options: ReportOptions) => {
    if (paths.length === 0) return bugReport(global, options.out)
    if (options.out !== undefined)
      throw usageError('--out is for a bug report; certificates take --html FILE.')
    return makeReports(paths, options)
  },
})

function makeReports(paths: string[], options: ReportOptions): Promise<Result> {
  return withGivenFiles(paths, options, async (intake, files) => {
    if (intake.report.pieces.every(({ kind }) => kind === 'unknown'))
      throw intake.unread()[0] ?? new EdgekeepError('input.nothing_found', {})
    const { inspectionReport } = await import('../../../pki/report/inspection-report.ts')
    const question = await questionOf(options)
    const progress = lateProgress()
    const names = files.map(({ name }) => name)
    const about = { intake, files: names, version: productVersion, onProgress: progress.tell }
    const report = inspectionReport({ ...question, ...about })
    progress.end()
    const written = await writeDocuments(report, options)
    const left = unreadIn(intake, files)
    const text = [formatReport(report, written), ...formatUnread(left)].join('\n')
    return { data: { ...report }, text, no: left.unread[0] ?? reportError(report) }
  })
}

async function writeDocuments(report: InspectionReport, { html, sarif }: ReportOptions): Promise<string[]> {
  if (html) {
    const { toHtml } = await import('../../../pki/report/html-report.ts')
    writeOutput(html, Buffer.from(toHtml(report)), 'public')
  }
  if (sarif) {
    const { toSarif } = await import('../../../pki/report/sarif.ts')
    const text = toSarif(report.lint, report.found, { version: productVersion })
    writeOutput(sarif, Buffer.from(text), 'public')
  }
  return [html, sarif].flatMap((path) => path ?? [])
}

function reportError({ diagnosis, lint }: InspectionReport): EdgekeepError | undefined {
  if (diagnosis.severity === 'bad')
    return new EdgekeepError('verification.failed', { reason: diagnosis.sentence })
  const { error: errors, warning: warnings } = lint.counts
  return errors > 0 ? new EdgekeepError('lint.findings', { errors, warnings }) : undefined
}

function formatReport(report: InspectionReport, written: string[]): string {
  return [
    formatHeadline(report),
    `Lint: ${formatLintTotal(report.lint.counts)}.`,
    ...(written.length > 0 ? [`Wrote ${written.join(' and ')}.`] : []),
  ].join('\n')
}
