import type { ZxcvbnFactory } from '@zxcvbn-ts/core'

/** As the engine requires of every passphrase that is set. */
const shortestPassphrase = 8
/** zxcvbn's highest score: more than 10^10 guesses, which stand against a thief who has the file. */
const bestScore = 4

export type Strength = 'none' | 'short' | 'guessable' | 'good'

export function isTooShort(passphrase: string): boolean {
  return passphrase.length < shortestPassphrase
}

/**
 * How well a passphrase stands against guessing by somebody who has the file that it protects. Only
 * this verdict of a passphrase is ever kept. The word lists are several megabytes, so they are loaded
 * with the first question.
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
