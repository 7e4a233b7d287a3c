import { type Flags, type OptionsOf, answer } from '../../frame/declare.ts'
import { EdgekeepError, problemOf } from '../../../contract/errors/registry.ts'
import { type Preflight, formatSource } from '../../../contract/inspect/preflight.ts'
import { visibleText } from '../../../contract/text/visible-text.ts'
import type { Result } from '../../frame/command.ts'
import { passwordFlag, passwordStdinFlag } from '../../input/passphrase.ts'
import { questionOf, unreadIn, formatUnread, withGivenFiles } from './given-files.ts'
import { hostFlag, rootsFlag, atFlag, logListFlag } from '../../flags/judging.ts'

const collectNames = (names: string, before: string[] | undefined): string[] => [
  ...(before ?? []),
  ...names
    .split(',')
    .map((name) => name.trim())
    .filter(Boolean),
]

const preflightFlags = {
  '--for <names>': {
    about: 'only these, comma-separated, such as cloudflare,nginx; can be repeated',
    parse: collectNames,
  },
  '--with-key': 'refuse where the private key is needed and not among the files',
  ...hostFlag,
  ...rootsFlag,
  ...atFlag,
  ...logListFlag,
  ...passwordFlag,
  ...passwordStdinFlag,
} as const satisfies Flags
type PreflightOptions = OptionsOf<typeof preflightFlags>

export const preflightCommand = answer('preflight <file...>', {
  summary: 'check whether a CDN, server or client accepts a certificate, offline',
  about:
    'Check whether CDNs, servers and clients accept the certificate, chain and key as they are in the files, with each one’s own error. Offline. Without the private key the rest is judged, and the missing key is a warning. Exit status 1 if one refuses, 2 if a file could not be checked.',
  flags: preflightFlags,
  help: '\nNames: alibaba-cloud-cdn, cloudflare, cloudfront, fastly, nginx, haproxy, chrome, firefox, apple, android, java, node.\n\nExample:\n  $ edgekeep preflight --for cloudflare shop.crt shop.key',
  run: (_global, paths: string[], options: PreflightOptions) => preflightPaths(paths, options),
})

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
    const [first] = targets
    const isCa = first?.reasons[0]?.rule === `${first?.target.id}.ca-certificate`
    const verdicts = isCa
      ? [`✗ ${first.reasons[0]?.message} ${first.reasons[0]?.fix}`]
      : targets.map(formatPreflight)
    const text = [...verdicts, ...formatUnread(left)].join('\n')
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
