import { type Flags, type OptionsOf, answer } from '../../frame/declare.ts'
import { basename, relative } from 'node:path'
import { EdgekeepError, problemOf } from '../../../contract/errors/registry.ts'
import type { LintedCertificate, LintReport } from '../../../contract/inspect/lint.ts'
import { productVersion } from '../../../contract/engine/product-version.ts'
import { visibleText } from '../../../contract/text/visible-text.ts'
import type { Intake } from '../../../pki/intake/intake.ts'
import type { Result } from '../../frame/command.ts'
import { passwordFlag, passwordStdinFlag } from '../../input/passphrase.ts'
import { count } from '../../../contract/text/count.ts'
import { formatLintTotal } from '../../output/format.ts'
import { type NamedBytes, writeOutput } from '../../input/files.ts'
import { logListFlag } from '../../flags/judging.ts'
import { unreadIn, formatUnread, withGivenFiles } from './given-files.ts'

const lintFlags = {
  '--as <scope>': {
    about: 'apply the rules for public or for private authorities (default: detected)',
    choices: ['public', 'private'],
  },
  '--fail-on <severity>': {
    about: 'lowest severity that counts as found',
    choices: ['error', 'warning'],
    default: 'warning',
  },
  '--sarif <file>': 'also write the findings as SARIF 2.1.0, for code scanning',
  ...logListFlag,
  ...passwordFlag,
  ...passwordStdinFlag,
} as const satisfies Flags
type LintOptions = OptionsOf<typeof lintFlags>

export const lintCommand = answer('lint <file...>', {
  summary: 'check certificates against RFC 5280 and the Baseline Requirements, offline',
  about:
    'Check every certificate in files against RFC 5280 and, for public ones, the CA/Browser Forum’s Baseline Requirements. Offline. Exit status 1 if something is found, 2 if something could not be checked: it is unreadable, or encrypted and without its passphrase.',
  flags: lintFlags,
  examples: ['lint fullchain.pem', 'lint certs/ --fail-on error --sarif lint.sarif'],
  run: (_global, paths: string[], options: LintOptions) => lintPaths(paths, options),
})

function lintPaths(paths: string[], options: LintOptions): Promise<Result> {
  return withGivenFiles(paths, options, async (intake, files) => {
    const [{ certificatesOf, lintFiles }, { publicRoots }] = await Promise.all([
      import('../../../pki/inspect/inspect.ts'),
      import('../../../engine/certificates/anchors.ts'),
    ])
    certificatesOf(intake)
    const report = lintFiles(intake, { publicRoots: publicRoots(), as: options.as })
    if (options.sarif) await writeSarif(options.sarif, report, intake, files)
    const left = unreadIn(intake, files)
    const no = whatWasFound(report, left.unread, options.failOn)
    const data = { ...report, ok: no === undefined, problems: left.unread.map(problemOf) }
    return { data, text: formatLint(report, formatUnread(left), options.sarif), no }
  })
}

/** An unreadable certificate is a finding; other unreadable pieces were not judged. */
function whatWasFound(
  { counts }: LintReport,
  unread: EdgekeepError[],
  failOn: LintOptions['failOn'],
): EdgekeepError | undefined {
  const broken = unread.filter(({ code }) => code.startsWith('certificate.')).length
  const errors = counts.error + broken
  const found = failOn === 'error' ? errors : errors + counts.warning
  return found === 0 ? unread[0] : new EdgekeepError('lint.findings', { errors, warnings: counts.warning })
}

async function writeSarif(
  path: string,
  report: LintReport,
  intake: Intake,
  files: NamedBytes[],
): Promise<void> {
  const { toSarif } = await import('../../../pki/report/sarif.ts')
  const paths = new Map(files.map((file) => [file.name, relative('.', file.path).replaceAll('\\', '/')]))
  const uriOf = (name: string) => paths.get(name) ?? basename(name)
  writeOutput(path, Buffer.from(toSarif(report, intake.report, { version: productVersion, uriOf })), 'public')
}

const signs = { error: '✗', warning: '!', notice: '·' } as const

function formatLint({ counts, certificates }: LintReport, unread: string[], written?: string): string {
  const total = `${count(certificates.length, 'certificate')}: ${formatLintTotal(counts)}.`
  const last = written ? `${total}\nWrote ${written}.` : total
  return [...certificates.map(formatCertificate), ...unread, last].join('\n\n')
}

function formatCertificate({ title, role, scopeReason, findings, rules }: LintedCertificate): string {
  const head = `${visibleText(title)} (${role}). ${visibleText(scopeReason)}`
  const lines = findings.flatMap(({ severity, rule, message, advice, reference }) => [
    `  ${signs[severity]} ${visibleText(message)}`,
    `    ${visibleText(advice)}`,
    `    ${rule}; ${reference}`,
  ])
  return [head, ...(lines.length > 0 ? lines : [`  ✓ no findings (${rules} rules)`])].join('\n')
}
