interface Move {
  to: 'passphrase' | 'key-file'
  passphrase?: string
}

/** A round through the protectors that a test can use, and through two passphrases. */
export const moves: readonly Move[] = [
  { to: 'passphrase', passphrase: 'the first passphrase' },
  { to: 'passphrase', passphrase: 'the second passphrase' },
  { to: 'key-file' },
  { to: 'key-file' },
]
