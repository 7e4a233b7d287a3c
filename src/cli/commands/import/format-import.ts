import { basename, relative } from 'node:path'
import { formatPlace } from '../../../contract/errors/registry.ts'
import type { ImportResult } from '../../../contract/certificates/records.ts'
import type { ImportPlan, Note } from '../../../contract/imports/imports.ts'
import { count, formatNumber } from '../../../contract/text/count.ts'
import { httpsCommand } from '../../../domain/issuing-scope.ts'
import { quotedName } from '../../output/format-import-advice.ts'
import { visibleText } from '../../../contract/text/visible-text.ts'
import { formatOrigin } from '../../../domain/origin-text.ts'
import type { ReadSetup } from '../../../import/read-setup.ts'

interface Shown {
  source: string
  place: string
  plan: ImportPlan
  setup: ReadSetup
}

export function formatImport({ source, place, plan, setup }: Shown): string {
  const { notes, anchors, domains } = setup
  const ofKind = (wanted: Note['kind']) => notes.filter(({ kind }) => kind === wanted)
  return [
    visibleText(`From ${source}, ${place}:`),
    ...ofKind('unread').map(({ why }) => visibleText(`! ${why}`)),
    ...plan.domains.flatMap((one) => formatDomain(one, domains)),
    ...plan.certificates.map(formatCertificate),
    ...anchors.map((path) =>
      visibleText(
        `  ${path}: a trust anchor. Its key stays where it is; Edgekeep issues with its own authority.`,
      ),
    ),
    ...section('Different here', ofKind('differs'), place),
    ...section('Not taken over', ofKind('left'), place),
  ].join('\n')
}

type Taken = Pick<Shown, 'plan' | 'setup'>

/** Counts of what is added and what is not, and how the rest gets HTTPS. */
export function formatOutcome(
  { plan, setup }: Taken,
  suffixes: readonly string[],
  verb: 'Added' | 'Would add',
): string {
  const added = plan.domains.filter(({ outcome }) => outcome === 'add')
  const certificates = plan.certificates.filter(({ outcome }) => outcome === 'imported').length
  const left = setup.notes.filter(({ kind }) => kind !== 'differs').length + failuresIn(plan)
  const off = withoutHttps({ plan, setup })
  const groups = Map.groupBy(off, ({ domain }) => httpsCommand(domain, suffixes).endsWith('--free'))
  const [free = [], others = []] = [groups.get(true), groups.get(false)]
  const named = free.map(({ domain }) => quotedName(domain)).join(' ')
  return [
    `${verb} ${count(added.length, 'domain')}, ${formatNumber(added.filter(({ https }) => https).length)} with HTTPS, and ${count(certificates, 'certificate')}; ${formatNumber(left)} not taken over.`,
    ...(free.length > 0
      ? [
          `For HTTPS with free certificates on ${formatNumber(free.length)}: edgekeep https on ${named} --free`,
        ]
      : []),
    ...(others.length > 0
      ? [
          `For HTTPS on ${listed(others.map(({ domain }) => domain))}, for which the local authority may not issue: edgekeep https on NAME --upload CERTIFICATE KEY`,
        ]
      : []),
  ].join('\n')
}

/** Domains added without the HTTPS that they had. */
export function withoutHttps({ plan, setup }: Taken): ImportPlan['domains'] {
  return plan.domains.filter(
    ({ domain, outcome, https }) => outcome === 'add' && !https && setup.secure.has(domain),
  )
}

export function failuresIn({ certificates }: ImportPlan): number {
  return certificates.filter(({ outcome }) => outcome !== 'imported' && outcome !== 'there').length
}

function formatDomain(
  { domain, outcome, https, cautions, problem }: ImportPlan['domains'][number],
  domains: ReadSetup['domains'],
): string[] {
  if (outcome === 'there') return [`= ${domain} is in Edgekeep already and stays as it is`]
  if (outcome === 'refused') return [`! ${visibleText(domain)}: ${problem?.message ?? ''}`]
  const entry = domains.get(domain)
  const facts = [
    ...(entry ? [`→ ${formatOrigin(entry.origin as Parameters<typeof formatOrigin>[0])}`] : []),
    https ? 'HTTPS' : 'HTTP only',
    ...(entry && https && entry.redirect.mode !== 'none'
      ? [`${entry.redirect.mode === 'https' ? 'HTTP → HTTPS' : 'HTTPS → HTTP'} (${entry.redirect.code})`]
      : []),
  ]
  return [visibleText(`+ ${domain} ${facts.join(', ')}`), ...cautions.map((caution) => `  ! ${caution}`)]
}

function formatCertificate({ outcome, title, place, notAfter, problem }: ImportResult): string {
  const isExpired = notAfter !== null && Date.parse(notAfter) < Date.now()
  const where = `${title} (${formatPlace(place)})${isExpired ? `, expired on ${notAfter.slice(0, 10)}` : ''}`
  if (outcome === 'imported') return visibleText(`+ certificate ${where}`)
  if (outcome === 'there') return visibleText(`= certificate ${where} is in the vault already`)
  return visibleText(`! ${where}: ${problem?.message ?? outcome}`)
}

/** Notes with the same reason are one line. */
function section(title: string, notes: ReadSetup['notes'], place: string): string[] {
  if (notes.length === 0) return []
  const lines = [...Map.groupBy(notes, ({ why }) => why)].flatMap(([why, same]) =>
    same.length > mostAlike
      ? [visibleText(`  ${listed(same.map(({ what }) => what))}: ${why}`)]
      : same.map(({ file, line, what }) =>
          visibleText(`  ${nameOf(file, place)}${line === undefined ? '' : `:${line}`}  ${what}: ${why}`),
        ),
  )
  return [`${title}:`, ...lines]
}

const mostAlike = 3

function listed(names: string[]): string {
  const rest = names.length - mostAlike
  return names.slice(0, mostAlike).join(', ') + (rest > 0 ? ` and ${formatNumber(rest)} more` : '')
}

/** Path below the given one, which may be a file beside it, or the whole path. */
function nameOf(file: string, place: string): string {
  const below = file === place ? basename(file) : relative(place, file)
  return below.startsWith('..') ? file : below
}
