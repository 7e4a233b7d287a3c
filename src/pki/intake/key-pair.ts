import { createPrivateKey, createPublicKey, type KeyObject, sign, verify } from 'node:crypto'
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

/** Makes `signsFor` answer without the private half, which the caller wipes. */
export function testPair(key: OpenKey): void {
  if (!answers.has(key)) answers.set(key, trySignature(key))
}

/** `of`: public half; absent: the one in the key itself. */
function trySignature({ pkcs8 }: OpenKey, of?: KeyObject): boolean {
  const { bytes: key } = pkcs8
  try {
    const privateKey = createPrivateKey({ key, format: 'der', type: 'pkcs8' })
    const publicKey = of ?? createPublicKey(privateKey)
    const digest = signsWhole.test(publicKey.asymmetricKeyType ?? '') ? null : 'sha256'
    return verify(digest, probe, publicKey, sign(digest, probe, privateKey))
  } catch {
    // OpenSSL refuses to sign with inconsistent numbers.
    return false
  }
}
