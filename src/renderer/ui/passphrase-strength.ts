/** As the engine requires of every passphrase that is set. */
const SHORTEST_PASSPHRASE = 8
const LONG = 16
const FEW_CHARACTERS = 5

export type Strength = 'none' | 'short' | 'guessable' | 'good'

/** How long a guess would take, roughly; only this verdict of a passphrase is ever kept by the window. */
export function strengthOf(passphrase: string): Strength {
  if (passphrase === '') return 'none'
  if (passphrase.length < SHORTEST_PASSPHRASE) return 'short'
  const varied = new Set(passphrase).size > FEW_CHARACTERS
  return varied && passphrase.length >= LONG ? 'good' : 'guessable'
}
