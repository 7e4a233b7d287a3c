import type { ZxcvbnFactory } from '@zxcvbn-ts/core'

/** Minimum length that the engine requires. */
const shortestPassphrase = 8
/** zxcvbn's highest score: more than 10^10 guesses, enough against a thief of the file. */
const bestScore = 4

export type Strength = 'none' | 'short' | 'guessable' | 'good'

export function isTooShort(passphrase: string): boolean {
  return passphrase.length < shortestPassphrase
}

/**
 * Rates a passphrase against guessing by somebody who has the protected file. Only this verdict of a
 * passphrase is ever stored. The word lists have several megabytes, so the first call loads them.
 */
export async function strengthOf(passphrase: string): Promise<Strength> {
  if (passphrase === '') return 'none'
  if (isTooShort(passphrase)) return 'short'
  const estimator = await (loading ??= loadEstimator())
  return estimator.check(passphrase, ['edgekeep', 'vault']).score >= bestScore ? 'good' : 'guessable'
}

let loading: Promise<ZxcvbnFactory> | undefined

async function loadEstimator(): Promise<ZxcvbnFactory> {
  const [core, common, english] = await Promise.all([
    import('@zxcvbn-ts/core'),
    import('@zxcvbn-ts/language-common'),
    import('@zxcvbn-ts/language-en'),
  ])
  return new core.ZxcvbnFactory({
    dictionary: { ...common.dictionary, ...english.dictionary },
    graphs: common.adjacencyGraphs,
  })
}
