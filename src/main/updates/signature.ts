import { createPublicKey, verify } from 'node:crypto'
import { EdgekeepError } from '../../contract/errors/registry.ts'

/*
 * Signatures in minisign's format (https://jedisct1.github.io/minisign/, "Signature format"), so that anybody
 * can verify a release with an independent tool. Only the pure Ed25519 form, "Ed": the other needs BLAKE2b,
 * which Electron's BoringSSL lacks.
 */

const algorithm = 'Ed'
const keyIdBytes = 8
const signatureBytes = 64
const trusted = 'trusted comment: '
/** SubjectPublicKeyInfo of Ed25519 before its 32 bytes (RFC 8410). */
const spkiHead = Buffer.from('302a300506032b6570032100', 'hex')

/**
 * Verifies a minisign signature. `publicKey` is the second line of a minisign public key.
 *
 * @throws `update.untrusted` unless `signature`, the text of a `.minisig` file, was made over `content` and
 * its trusted comment with the private half of `publicKey`
 */
export function verifySignature(content: Uint8Array, signature: string, publicKey: string): void {
  const key = splitKey(publicKey)
  const [, signed = '', comment = '', over = ''] = signature.split(/\r?\n/)
  const made = Buffer.from(signed, 'base64')
  const whole = Buffer.from(over, 'base64')
  const hasForm =
    made.length === 2 + keyIdBytes + signatureBytes &&
    whole.length === signatureBytes &&
    made.toString('latin1', 0, 2) === algorithm &&
    comment.startsWith(trusted)
  if (!hasForm) throw untrusted('its signature has another form than ours')
  if (!made.subarray(2, 2 + keyIdBytes).equals(key.id)) throw untrusted('it is signed with another key')
  const bytes = made.subarray(2 + keyIdBytes)
  const commented = Buffer.concat([bytes, Buffer.from(comment.slice(trusted.length), 'utf8')])
  if (!verify(null, content, key.key, bytes) || !verify(null, commented, key.key, whole))
    throw untrusted('its signature does not belong to it')
}

function splitKey(publicKey: string) {
  const bytes = Buffer.from(publicKey, 'base64')
  if (bytes.length !== 2 + keyIdBytes + 32 || bytes.toString('latin1', 0, 2) !== algorithm)
    throw untrusted('the key that this copy was made with is none')
  const spki = Buffer.concat([spkiHead, bytes.subarray(2 + keyIdBytes)])
  return {
    id: bytes.subarray(2, 2 + keyIdBytes),
    key: createPublicKey({ key: spki, format: 'der', type: 'spki' }),
  }
}

function untrusted(reason: string): EdgekeepError {
  return new EdgekeepError('update.untrusted', { reason })
}
