import { basename, relative } from 'node:path'
import { formatPlace } from '../../../contract/errors/registry.ts'
import type { ImportResult } from '../../../contract/certificates/records.ts'
import type { ImportPlan } from '../../../contract/imports/imports.ts'
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
  const left = notes.filter(({ kind }) => kind === 'left')
  const differing = notes.filter(({ kind }) => kind === 'differs')
  return [
    visibleText(`From ${source}, ${place}:`),
    ...plan.domains.flatMap((one) => formatDomain(one, domains)),
    ...plan.certificates.map(formatCertificate),
    ...anchors.map((path) =>
      visibleText(
        `  ${path}: a trust anchor. Its key stays where it is; Edgekeep issues with its own authority.`,
      ),
    ),
    ...section('Different here', differing, place),
    ...section('Not taken over', left, place),
  ].join('\n')
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

function formatCertificate({ outcome, title, place, problem }: ImportResult): string {
  const where = `${title} (${formatPlace(place)})`
  if (outcome === 'imported') return visibleText(`+ certificate ${where}`)
  if (outcome === 'there') return visibleText(`= certificate ${where} is in the vault already`)
  return visibleText(`! certificate ${where}: ${problem?.message ?? outcome}`)
}

function section(title: string, notes: ReadSetup['notes'], place: string): string[] {
  if (notes.length === 0) return []
  const lines = notes.map(({ file, line, what, why }) =>
    visibleText(`  ${nameOf(file, place)}${line === undefined ? '' : `:${line}`}  ${what}: ${why}`),
  )
  return [`${title}:`, ...lines]
}

/** Path below the given one, which may be a file beside it, or the whole path. */
function nameOf(file: string, place: string): string {
  const below = file === place ? basename(file) : relative(place, file)
  return below.startsWith('..') ? file : below
}
