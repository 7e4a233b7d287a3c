import { describe, expect, test } from 'vitest'
import { verifySignature } from '../../../src/main/updates/signature.ts'
import { newUpdateKey, signContent } from '../../../scripts/release/update-key.ts'

/** Signed with minisign 0.12: `minisign -S -l`. */
const byMinisign = {
  publicKey: 'RWTYNMI5uwjzu9kQsYH/SfglCu0rXmSxhDuZcV4C55N+VzMfSWOQbX7H',
  signature: `untrusted comment: signature from minisign secret key
RWTYNMI5uwjzu6Gyij/v2sFHB0UsAIkRudv3ujDrzvGF46aoe/+fv012cePoL7oizB4VEu6/OvZROxybh9jzdc9PGWk17ouZggk=
trusted comment: a comment
nHSg/7fZGr/srsrVq9ZjIu1UY5HuxqXd4OhvoRSPSEbHDv8cks2mVV4gTxJ5L04uycgQ7/pdPEub+ACdg2P9Cw==
`,
}
const hello = Buffer.from('hello\n')

describe('a signature', () => {
  test('is accepted from minisign, and refused for anything else', () => {
    const { publicKey, signature } = byMinisign
    expect(() => verifySignature(hello, signature, publicKey)).not.toThrow()
    expect(() => verifySignature(Buffer.from('hello'), signature, publicKey)).toThrow('refused')
    expect(() => verifySignature(hello, signature.replace('a comment', 'no comment'), publicKey)).toThrow(
      'refused',
    )
  })

  test('is accepted from our signer, with its own key alone', () => {
    const { privateKey, publicKey } = newUpdateKey()
    const signature = signContent(hello, privateKey, 'timestamp:1')
    expect(() => verifySignature(hello, signature, publicKey)).not.toThrow()
    expect(() => verifySignature(hello, signature, newUpdateKey().publicKey)).toThrow('another key')
  })

  test('is refused if it is truncated, empty or of another kind', () => {
    const { privateKey, publicKey } = newUpdateKey()
    const signature = signContent(hello, privateKey, 'timestamp:1')
    for (let length = 0; length < signature.length - 1; length += 7)
      expect(() => verifySignature(hello, signature.slice(0, length), publicKey)).toThrow(
        'update was refused',
      )
    const prehashed = signature.replace(/^RW/m, 'RU')
    expect(() => verifySignature(hello, prehashed, publicKey)).toThrow('another form')
  })
})
