import { expect, test } from 'vitest'
import { strengthOf } from '../../../../src/contract/custody/passphrase-strength.ts'

test.each([
  ['', 'none'],
  ['1234567', 'short'],
  ['password1234567890', 'guessable'],
  ['abcdefabcdefabcdef', 'guessable'],
  ['qwertyuiopasdfghjkl', 'guessable'],
  ['aaaaaaaaaaaaaaaaaaaaaaaa', 'guessable'],
  ['edgekeep-edgekeep', 'guessable'],
  ['correct horse', 'guessable'],
  ['plum otter window', 'good'],
  ['k3#Vq9!zRw2p', 'good'],
])('judges a passphrase by how soon it would be guessed (%#)', async (passphrase, strength) => {
  expect(await strengthOf(passphrase)).toBe(strength)
})
