import { createPrivateKey, type KeyObject, sign, verify } from 'node:crypto'
import type { OpenKey } from '../formats/private-key.ts'

const probe = Buffer.from('Does this key make signatures that its certificate holds?')
/** These sign the message itself, the others its hash. */
const signsWhole = /^(ed25519|ed448|ml-dsa)/

const answers = new WeakMap<OpenKey, boolean>()

/**
 * Checks that the private key matches its public half by a signature. A key file contains the public half,
 * and OpenSSL trusts it; otherwise a mismatch would show only in the first handshake.
 */
export function signsFor(key: OpenKey, publicKey: KeyObject): boolean {
  const before = answers.get(key)
  if (before !== undefined) return before
  const answer = trySignature(key, publicKey)
  answers.set(key, answer)
  return answer
}

function trySignature({ pkcs8 }: OpenKey, publicKey: KeyObject): boolean {
  const { bytes: key } = pkcs8
  const digest = signsWhole.test(publicKey.asymmetricKeyType ?? '') ? null : 'sha256'
  try {
    const privateKey = createPrivateKey({ key, format: 'der', type: 'pkcs8' })
    return verify(digest, probe, publicKey, sign(digest, probe, privateKey))
  } catch {
    // OpenSSL refuses to sign with inconsistent numbers.
    return false
  }
}
