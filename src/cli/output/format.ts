import { count } from '../../contract/text/count.ts'
import type { TrustClient } from '../../contract/trust/trust.ts'
import { greenness, joinNames } from '../../domain/green-browsers.ts'
import {
  answerTitles,
  type CertificateFacts,
  type FourAnswers,
} from '../../contract/inspect/certificate-facts.ts'
import type { Diagnosed } from '../../contract/inspect/diagnosis.ts'
import type { CertificateSummary, Domain, Effect, SwapImpact } from '../../contract/domains/domains.ts'
import type { LintReport } from '../../contract/inspect/lint.ts'
import type { Origin } from '../../contract/domains/origins.ts'
import { formatOrigin } from '../../domain/origin-text.ts'
import { outageReason, outageRemedy } from '../../domain/outage.ts'
import { validityAt, type ValidityPeriod } from '../../domain/validity.ts'
import { verificationState } from '../../domain/verification-state.ts'
import { visibleText } from '../../contract/text/visible-text.ts'
import { listedNames, readableName } from '../../contract/text/readable-name.ts'
import { columnGap, cutTo, fitColumns } from './fit-columns.ts'
import { day, withMoments } from './times.ts'

const dayMs = 86_400_000

/** `87 days left`, `expired 3 days ago`, `NOT VALID before 2031-11-27`. */
export function timeLeft(period: ValidityPeriod, now: Date = new Date()): string {
  const validity = validityAt(period, now)
  if (validity === 'not-yet-valid') return `NOT VALID before ${day(period.notBefore)}`
  const leftMs = Date.parse(period.notAfter) - now.getTime()
  const days = Math.floor(Math.abs(leftMs) / dayMs)
  if (validity === 'expired') return days === 0 ? 'expired today' : `expired ${count(days, 'day')} ago`
  return days === 0 ? 'ends today' : `${count(days, 'day')} left`
}

/** `a1:b2:…` as browsers show it. */
function colons(hex: string): string {
  return (hex.match(/../g) ?? []).join(':').toUpperCase()
}

/** Aligned columns, at a terminal of `columns` cut to fit. `none`: text instead of a table without rows. */
export function table(
  header: string[],
  cells: string[][],
  none?: string,
  // A terminal without a size, as of some programs that run others, has 0.
  columns = process.stdout.columns || undefined,
): string {
  if (none !== undefined && cells.length === 0) return none
  const rows = cells.map((row) => row.map((cell) => withMoments(visibleText(cell))))
  const natural = header.map((title, column) =>
    rows.reduce((most, row) => Math.max(most, (row[column] ?? '').length), title.length),
  )
  const widths = fitColumns(natural, columns)
  const line = (row: string[]) =>
    row
      .map((cell, column) => cutTo(widths[column] ?? 0, cell).padEnd(widths[column] ?? 0))
      .join(columnGap)
      .trimEnd()
  return [line(header), ...rows.map(line)].join('\n')
}

export function formatEffect({ version, inEffect }: Effect): string {
  if (inEffect === null) return 'No edge is running; it takes effect when one starts ("edgekeep up").'
  return inEffect >= version
    ? `In effect (configuration ${inEffect}).`
    : `Stored as configuration ${version}; the edge still serves ${inEffect}.`
}

/** Lines for the names that a swap no longer covers, or covers newly; each begins with a line end. */
export function formatImpact(impact: SwapImpact | null): string {
  const lost = impact?.namesLost.length ? `\nNo longer covered: ${nameList(impact.namesLost)}.` : ''
  const gained = impact?.namesGained.length ? `\nNewly covered: ${nameList(impact.namesGained)}.` : ''
  return lost + gained
}

/** Names of a certificate on one line. */
function nameList(names: readonly string[]): string {
  return visibleText(names.map(readableName).join(', '))
}

export function formatHttps({ https }: Domain): string {
  if (!https.certificate) return 'Off'
  const state =
    https.outage !== null ? `DOWN (${outageReason(https.outage)})` : https.state === 'on' ? 'On' : 'Paused'
  const { name, revoked } = https.certificate
  return `${state}, ${name} (${revoked ? 'REVOKED' : timeLeft(https.certificate)})`
}

export function formatRedirect({ redirect, policies }: Domain): string {
  if (redirect.mode === 'none') return 'none'
  const { except } = policies.redirect
  const alone = except.length > 0 ? `, except ${except.join(', ')}` : ''
  const way = redirect.mode === 'https' ? 'HTTP → HTTPS' : 'HTTPS → HTTP'
  return `${way} (${redirect.code}${alone})`
}

export function formatStapling({ https: { stapling }, policies }: Domain): string {
  if (!policies.tls.ocspStapling) return 'off'
  if (!stapling) return 'on, once HTTPS is on and an edge runs'
  const until = stapling.nextUpdate ? ` until ${stapling.nextUpdate}` : ''
  const states = {
    none: 'nothing to staple',
    waiting: 'the responder is being asked',
    good: `good${until}`,
    revoked: 'revoked, and so not sent',
    missing: 'nothing that can be sent',
  }
  const problem = stapling.problem === null ? '' : `. ${stapling.problem}`
  return `on: ${states[stapling.state]}${problem}`
}

/** `clients`: those that were run against it. */
export function formatDomain(domain: Domain, clients: readonly TrustClient[] = []): string {
  const lines: [string, string | undefined][] = [
    ['Domain', domain.displayName === domain.name ? domain.name : `${domain.displayName} (${domain.name})`],
    ['Origin', describeOrigin(domain.origin)],
    ...domain.policies.origins.backups.map((one): [string, string] => ['Backup', describeOrigin(one)]),
    ...domain.policies.origins.routes.map(({ path, origin, stripPath }): [string, string] => [
      'Route',
      `${path} → ${describeOrigin(origin)}${stripPath ? ', path stripped' : ''}`,
    ]),
    ['HTTPS', formatHttps(domain)],
    ['Certificate', domain.https.certificate ? certificateLine(domain.https.certificate) : undefined],
    ['Previous', domain.https.previousCertificate?.name],
    ['Redirect', formatRedirect(domain)],
    ['Tags', domain.tags.join(', ')],
    ['Verified', formatVerified(domain)],
    ['Browsers', formatGreenness(domain, clients)],
  ]
  return factLines(lines)
}

const greenLabels = { green: 'green in', refused: 'refused by', 'not-found': 'not found by' } as const

function formatGreenness({ displayName, https }: Domain, clients: readonly TrustClient[]): string {
  const { state, names } = greenness(clients)
  if (https.state !== 'on') return 'not tested'
  if (state === 'unknown') return `not tested as it is now ("edgekeep setup ${displayName}" tests them)`
  return `${greenLabels[state]} ${joinNames(names)}`
}

/** A verification is void after any change. */
function formatVerified(domain: Domain): string {
  const { displayName, lastCheck, https } = domain
  if (https.outage !== null) return `HTTPS is down. ${outageRemedy(https.outage)}`
  if (!lastCheck) return 'not yet'
  if (verificationState(domain, new Date()) !== 'changed')
    return `${lastCheck.ok ? '' : 'Failed: '}${lastCheck.summary} (${lastCheck.at})`
  const since = lastCheck.portsChanged ? 'the ports changed' : 'it was changed'
  return `not since ${since}; the last time was ${lastCheck.at} ("edgekeep check ${displayName}" verifies it now)`
}

function describeOrigin(origin: Origin): string {
  if (origin.protocol === 'folder')
    return `${formatOrigin(origin)}${origin.dotFiles ? ', with dot files' : ''}`
  const extras = [
    origin.protocol === 'follow' ? 'follows the protocol of each request' : undefined,
    origin.hostHeader ? `Host: ${origin.hostHeader}` : undefined,
    origin.sni ? `SNI: ${origin.sni}` : undefined,
    origin.http2 ? 'HTTP/2 where it offers it' : undefined,
    origin.anchorsPem ? 'verified against roots of its own' : undefined,
    origin.verify ? undefined : 'its certificate is not verified',
  ].filter((extra) => extra !== undefined)
  return [formatOrigin(origin), ...extras].join(', ')
}

type Named = Pick<CertificateSummary, 'dnsNames' | 'ipNames' | 'issuer' | 'notBefore' | 'notAfter'>

export function certificateLine({ dnsNames, ipNames, issuer, ...period }: Named): string {
  return visibleText(
    `${[...dnsNames, ...ipNames].map(readableName).join(', ')}; issued by ${issuer}; ${timeLeft(period)}`,
  )
}

/** `Label   value` lines; empty values are omitted. */
export function factLines(lines: [string, string | undefined][]): string {
  const shown = lines.filter((line): line is [string, string] => line[1] !== undefined && line[1] !== '')
  const width = Math.max(...shown.map(([label]) => label.length))
  return shown
    .map(
      ([label, value]) => `${label.padEnd(width)}  ${value.replaceAll('\n', `\n${' '.repeat(width + 2)}`)}`,
    )
    .join('\n')
}

export function formatAnswers(answers: FourAnswers): string {
  return answerTitles
    .flatMap(([key, title]) => {
      const answer = answers[key]
      return answer ? [`${answer.ok ? '✓' : '✗'} ${title.padEnd(9)}  ${visibleText(answer.reason)}`] : []
    })
    .join('\n')
}

export function formatCertificateFacts(certificate: CertificateFacts, at?: Date): string {
  const { names, publicKey } = certificate
  const key = [publicKey.type, publicKey.curve ?? (publicKey.bits ? `${publicKey.bits} bits` : undefined)]
  const main = factLines([
    ['Subject', visibleText(certificate.subject) || '(empty)'],
    ['Issuer', visibleText(certificate.issuer)],
    ['Names', visibleText(listedNames(names).join(', ')) || 'none'],
    ['Valid', `${certificate.notBefore} to ${certificate.notAfter} (${timeLeft(certificate, at)})`],
    ['Key', key.filter(Boolean).join(' ')],
    ['Signature', certificate.signatureAlgorithm],
    ['Serial', colons(certificate.serialHex)],
    ['SHA-256', colons(certificate.fingerprintSha256)],
    ['SHA-1', colons(certificate.fingerprintSha1)],
    ['SPKI pin', certificate.spkiPin],
  ])
  const extensions = certificate.extensions.map(
    ({ name, critical, words }) =>
      `  ${name}${critical ? ' (critical)' : ''}\n${words.map((word) => `    ${visibleText(word)}`).join('\n')}`,
  )
  return extensions.length === 0 ? main : `${main}\nExtensions\n${extensions.join('\n')}`
}

export function formatLintTotal({ error, warning, notice }: LintReport['counts']): string {
  return [count(error, 'error'), count(warning, 'warning'), count(notice, 'notice')].join(', ')
}

const severitySigns = { good: '✓', attention: '!', bad: '✗' } as const

/** The most urgent diagnosis with its next step, then the rest. */
export function formatHeadline({ diagnosis, others }: Pick<Diagnosed, 'diagnosis' | 'others'>): string {
  return [diagnosis, ...others]
    .map(({ severity, sentence, nextStep }) =>
      [
        `${severitySigns[severity]} ${visibleText(sentence)}`,
        ...(nextStep ? [`  ${visibleText(nextStep)}`] : []),
      ].join('\n'),
    )
    .join('\n')
}

/** A line for each sentence of `protection.warnings`. */
export function warningLines(warnings: string[]): string[] {
  return warnings.map((warning) => `Warning: ${warning}`)
}
