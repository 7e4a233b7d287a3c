import { type Flags, type OptionsOf, answer } from '../../frame/declare.ts'
import type { CertificateFacts } from '../../../contract/inspect/certificate-facts.ts'
import { EdgekeepError, formatPlace, problemOf } from '../../../contract/errors/registry.ts'
import type { Intake } from '../../../pki/intake/intake.ts'
import { compareTimes } from '../../../domain/compare.ts'
import { expiryAt } from '../../../domain/expiry.ts'
import { visibleText } from '../../../contract/text/visible-text.ts'
import { type Result, usageError } from '../../frame/command.ts'
import { count } from '../../../contract/text/count.ts'
import { table, timeLeft } from '../../output/format.ts'
import { passwordFlag, passwordStdinFlag } from '../../input/passphrase.ts'
import { showCalendar } from './renewal-calendar.ts'
import { expiringInVault } from './expiring-in-vault.ts'
import { withEngine } from '../../session.ts'
import { momentOf, unreadIn, formatUnread, withGivenFiles } from './given-files.ts'
import { day } from '../../output/times.ts'
import { atFlag } from '../../flags/judging.ts'

const dayMs = 86_400_000

const expiringFlags = {
  '--within <time>': 'instead: a fraction of the lifetime (1/3) or days (30d)',
  ...atFlag,
  '--calendar':
    'upcoming renewals in the vault, one line for a certificate that renews often, and the effect of shorter lifetimes',
  '--ics <file>': 'write that calendar as an iCalendar file',
  '--months <count>': { about: 'how far the calendar goes', default: '12' },
  ...passwordFlag,
  ...passwordStdinFlag,
} as const satisfies Flags
type ExpiringOptions = OptionsOf<typeof expiringFlags>

export const expiringCommand = answer('expiring [file...]', {
  summary: 'list certificates that expire soon, in files or the vault',
  about:
    'List the certificates in files that expire in the last third of their lifetime or in under 30 days, have expired or are not valid yet, including roots and self-signed ones. CRLs and OCSP responses among the files are used. Offline. Without files: the certificates of the vault that need attention, because they expire and do not renew, or their renewal failed or waits. Exit status 1 if there are any or one is revoked, 2 if something could not be checked: it is unreadable, or encrypted and without its passphrase.',
  flags: expiringFlags,
  examples: [
    'expiring --within 1/3 certs/',
    'expiring --within 14d fullchain.pem',
    'expiring',
    'expiring --calendar --months 24',
    'expiring --ics renewals.ics',
  ],
  run: (global, paths: string[], options: ExpiringOptions) => {
    const isCalendar = options.calendar === true || options.ics !== undefined
    if (isCalendar && paths.length > 0) throw usageError('The calendar is of the vault and takes no files.')
    if (isCalendar) return withEngine(global, (session) => showCalendar(session, options), 'facts')
    if (paths.length > 0) return expiring(paths, options)
    const asked = { within: windowOf(options.within), at: momentOf(options.at) }
    return withEngine(global, (session) => expiringInVault(session, asked), 'facts')
  },
})

interface Dated {
  title: string
  file: string
  notBefore: string
  notAfter: string
  daysLeft: number
  expiring: boolean
  /** Sentence about its revocation by a CRL or OCSP response among the files. */
  revoked: string | null
}

function expiring(paths: string[], options: ExpiringOptions): Promise<Result> {
  const within = windowOf(options.within)
  const at = momentOf(options.at)
  return withGivenFiles(paths, options, async (intake, files) => {
    const [{ certificatesOf }, { revokedAmong }] = await Promise.all([
      import('../../../pki/inspect/inspect.ts'),
      import('../../../pki/inspect/revoked-among.ts'),
    ])
    certificatesOf(intake)
    const revoked = revokedAmong(intake, at)
    const certificates = datedIn(intake, revoked, at, within)
    const soon = certificates.filter((each) => each.expiring)
    const titles = soon.map(({ title }) => title)
    const left = unreadIn(intake, files)
    return {
      data: { within: options.within ?? null, certificates, problems: left.unread.map(problemOf) },
      text: [
        formatExpiring(soon, certificates.length, at),
        ...formatRevoked(certificates),
        ...formatUncheckable(intake),
        ...formatUnread(left),
      ].join('\n'),
      no:
        soon.length > 0
          ? new EdgekeepError('certificate.expiring', { titles })
          : (revocationOf(certificates) ?? left.unread[0]),
    }
  })
}

function revocationOf(certificates: Dated[]): EdgekeepError | undefined {
  const [first] = formatRevoked(certificates)
  return first === undefined ? undefined : new EdgekeepError('verification.failed', { reason: first })
}

/** A list counts only beside its issuer's certificate, which has its key. */
function formatUncheckable({ report }: Intake): string[] {
  const facts = report.pieces.flatMap(({ certificate }) => certificate ?? [])
  const hasList = report.pieces.some(({ kind }) => kind === 'revocation-list')
  const without = facts.filter(({ issuer }) => !facts.some(({ subject, isCa }) => isCa && subject === issuer))
  return hasList && without.length > 0
    ? [
        `The revocation list was not checked for ${count(without.length, 'certificate')}: add the certificate of the issuer, which signed it.`,
      ]
    : []
}

function formatRevoked(certificates: Dated[]): string[] {
  return certificates.flatMap(({ title, revoked }) =>
    revoked === null ? [] : [`${visibleText(title)}: ${visibleText(revoked)} Replace it at once.`],
  )
}

/** Warning period before the end, in milliseconds, by lifetime. */
type Window = (lifetimeMs: number) => number

function windowOf(text: string | undefined): Window | undefined {
  if (text === undefined) return undefined
  const fraction = /^(\d{1,3})\/(\d{1,3})$/.exec(text)
  if (fraction && Number(fraction[2]) > 0) {
    const part = Number(fraction[1]) / Number(fraction[2])
    return (lifetimeMs) => lifetimeMs * part
  }
  const days = /^(\d{1,5})d?$/.exec(text)
  if (days) return () => Number(days[1]) * dayMs
  throw usageError(`--within "${text}" is neither a part of the lifetime like 1/3 nor days like 30d.`)
}

function datedIn(
  { report }: Intake,
  revoked: Map<string, string>,
  at: Date,
  within: Window | undefined,
): Dated[] {
  return report.pieces
    .flatMap(({ id, certificate, place }) =>
      certificate
        ? [{ ...dated(certificate, formatPlace(place), at, within), revoked: revoked.get(id) ?? null }]
        : [],
    )
    .toSorted((a, b) => compareTimes(a.notAfter, b.notAfter))
}

function dated(
  facts: CertificateFacts,
  file: string,
  at: Date,
  within: Window | undefined,
): Omit<Dated, 'revoked'> {
  const { notBefore, notAfter } = facts
  const leftMs = Date.parse(notAfter) - at.getTime()
  return {
    title: facts.title,
    file,
    notBefore,
    notAfter,
    daysLeft: Math.floor(leftMs / dayMs),
    expiring: expiryAt({ notBefore, notAfter }, at, within) !== 'valid',
  }
}

function formatExpiring(soon: Dated[], all: number, at: Date): string {
  if (soon.length === 0) return `None of ${count(all, 'certificate')} ends within that time.`
  return table(
    ['CERTIFICATE', 'ENDS', 'LEFT', 'WHERE'],
    soon.map(({ title, notBefore, notAfter, file }) => [
      visibleText(title),
      day(notAfter),
      timeLeft({ notBefore, notAfter }, at),
      visibleText(file),
    ]),
  )
}
