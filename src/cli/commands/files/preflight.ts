import type { Command } from 'commander'
import { EdgekeepError, problemOf } from '../../../contract/errors/registry.ts'
import { type Preflight, formatSource } from '../../../contract/inspect/preflight.ts'
import { visibleText } from '../../../contract/text/visible-text.ts'
import type { Cli, Result } from '../../frame/command.ts'
import { type PassphraseOptions, passwordOption, passwordStdinOption } from '../../input/passphrase.ts'
import { questionOf, type QuestionOptions, unreadIn, formatUnread, withGivenFiles } from './given-files.ts'
import { hostOption, rootsOption, atOption, logListOption } from '../../flags/judging.ts'

interface PreflightOptions extends PassphraseOptions, QuestionOptions {
  logList?: string
  for?: string[]
  withKey?: boolean
}

const collectNames = (names: string, before: string[] | undefined): string[] => [
  ...(before ?? []),
  ...names
    .split(',')
    .map((name) => name.trim())
    .filter(Boolean),
]

export function preflightCommand(program: Command, cli: Cli): void {
  program
    .command('preflight <file...>')
    .summary('check whether a CDN, server or client accepts a certificate, offline')
    .description(
      'Check whether CDNs, servers and clients accept the certificate, chain and key as they are in the files, with each one’s own error. Offline. Without the private key the rest is judged, and the missing key is a warning. Exit status 1 if one refuses, 2 if a file could not be checked.',
    )
    .option(
      '--for <names>',
      'only these, comma-separated, such as cloudflare,nginx; can be repeated',
      collectNames,
    )
    .option('--with-key', 'refuse where the private key is needed and not among the files')
    .addOption(hostOption)
    .addOption(rootsOption)
    .addOption(atOption)
    .addOption(logListOption)
    .addOption(passwordOption)
    .addOption(passwordStdinOption)
    .addHelpText(
      'after',
      '\nNames: alibaba-cloud-cdn, cloudflare, cloudfront, fastly, nginx, haproxy, chrome, firefox, apple, android, java, node.\n\nExample:\n  $ edgekeep preflight --for cloudflare shop.crt shop.key',
    )
    .action(
      cli.answer((_global, paths: string[], options: PreflightOptions) => preflightPaths(paths, options)),
    )
}

function preflightPaths(paths: string[], options: PreflightOptions): Promise<Result> {
  return withGivenFiles(paths, options, async (intake, files) => {
    const { certificatesOf, preflightFiles } = await import('../../../pki/inspect/inspect.ts')
    certificatesOf(intake)
    const judged = preflightFiles(intake, await questionOf(options), options.for)
    const targets = options.withKey ? judged.map(requiringKey) : judged
    const refusing = targets.filter(({ verdict }) => verdict === 'refuses').map(({ target }) => target.name)
    const left = unreadIn(intake, files)
    const refused =
      refusing.length > 0 ? new EdgekeepError('preflight.refused', { targets: refusing }) : undefined
    const text = [...targets.map(formatPreflight), ...formatUnread(left)].join('\n')
    return { data: { targets, problems: left.unread.map(problemOf) }, text, no: left.unread[0] ?? refused }
  })
}

/** A missing key as a refusal: by default a repository's CI passes without one. */
function requiringKey(judged: Preflight): Preflight {
  const reasons = judged.reasons.map((reason) =>
    reason.rule === `${judged.target.id}.key-missing` ? { ...reason, verdict: 'refuses' as const } : reason,
  )
  const isRefused = reasons.some(({ verdict }) => verdict === 'refuses')
  return { ...judged, reasons, verdict: isRefused ? 'refuses' : judged.verdict }
}

const signs = { takes: '✓', warns: '!', refuses: '✗' } as const

function formatPreflight({ target, verdict, reasons }: Preflight): string {
  const lines = reasons.flatMap(({ message, fix, code, source }) => [
    `    ${visibleText(message)} ${fix}`,
    ...(code === null ? [] : [`    ${code}`]),
    `    ${source.url} (${formatSource(source)})`,
  ])
  return [`${signs[verdict]} ${target.name}`, ...lines].join('\n')
}
