import { answer } from '../../frame/declare.ts'
import type { Comparison } from '../../../contract/inspect/comparison.ts'
import { EdgekeepError } from '../../../contract/errors/registry.ts'
import { visibleText } from '../../../contract/text/visible-text.ts'
import { bothNames } from '../../../contract/text/readable-name.ts'
import type { Result } from '../../frame/command.ts'
import { type PassphraseOptions, passwordFlag } from '../../input/passphrase.ts'
import { sideOf } from './given-files.ts'

export const compareCommand = answer('compare <before> <after>', {
  summary: 'show what changes from one certificate to another, offline',
  about:
    'Show what changes when the second certificate replaces the first: names lost and gained, key, strength, lifetime, issuer, chain, extensions. Offline. Exit status 1 if names are lost or the second one is weaker.',
  flags: passwordFlag,
  examples: ['compare old.pem new.pem'],
  run: (_global, before: string, after: string, options: PassphraseOptions) =>
    compare(before, after, options),
})

async function compare(before: string, after: string, options: PassphraseOptions): Promise<Result> {
  const { compareCertificates } = await import('../../../pki/comparison/comparison.ts')
  const comparison = compareCertificates(await sideOf([before], options), await sideOf([after], options))
  return { data: { ...comparison }, text: formatComparison(comparison), no: comparisonError(comparison) }
}

function comparisonError({ names, strength }: Comparison): EdgekeepError | undefined {
  const reasons = [
    ...(names.lost.length > 0 ? [`It no longer covers ${names.lost.map(bothNames).join(', ')}.`] : []),
    ...(strength.change === 'weaker' ? [strength.sentence] : []),
  ]
  return reasons.length > 0 ? new EdgekeepError('comparison.worse', { reasons }) : undefined
}

function formatComparison({ summary, changes }: Comparison): string {
  const fields = changes.flatMap(({ field, before, after }) => [
    visibleText(field),
    ...linesOf('-', before),
    ...linesOf('+', after),
  ])
  return [...summary.map(visibleText), ...(fields.length > 0 ? ['', ...fields] : [])].join('\n')
}

function linesOf(sign: string, value: string | null): string[] {
  return value === null ? [] : value.split('\n').map((line) => `  ${sign} ${visibleText(line)}`)
}
