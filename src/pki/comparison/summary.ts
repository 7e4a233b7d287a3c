import type { Comparison } from '../../contract/inspect/comparison.ts'

const shownNames = 6

/** Summary sentences: losses first, then the changes in order of interest. */
export function summaryOf(comparison: Omit<Comparison, 'summary'>): string[] {
  if (comparison.identical) return ['They are the same certificate.', ...chainSentence(comparison)]
  const { names, key, strength, lifetime } = comparison
  return [
    ...(names.lost.length > 0 ? [`It no longer covers ${listed(names.lost)}.`] : []),
    ...(names.gained.length > 0 ? [`It covers ${listed(names.gained)} in addition.`] : []),
    ...(names.lost.length + names.gained.length === 0 ? [sameNames(names.kept.length)] : []),
    ...(strength.change === 'same' ? [] : [strength.sentence]),
    key.sentence,
    ...issuerSentence(comparison),
    lifetime.sentence,
    ...chainSentence(comparison),
  ]
}

function issuerSentence({ before, after }: Omit<Comparison, 'summary'>): string[] {
  return before.issuer === after.issuer
    ? []
    : [`It is issued by ${after.issuer} instead of ${before.issuer}.`]
}

function chainSentence({ chain: { lost, gained, kept } }: Omit<Comparison, 'summary'>): string[] {
  if (lost.length > 0 && gained.length + kept.length === 0)
    return [`It comes without the intermediates that were there: ${listed(lost)}.`]
  if (lost.length + gained.length === 0) return []
  const parts = [
    ...(lost.length > 0 ? [`without ${listed(lost)}`] : []),
    ...(gained.length > 0 ? [`with ${listed(gained)}`] : []),
  ]
  return [`Its chain is another one: ${parts.join(' and ')}.`]
}

function listed(names: string[]): string {
  const shown = names.slice(0, shownNames).join(', ')
  return names.length > shownNames ? `${shown} and ${names.length - shownNames} more` : shown
}

function sameNames(count: number): string {
  if (count === 0) return 'Neither covers a name.'
  return count === 1 ? 'It covers the same name.' : `It covers the same ${count} names.`
}
