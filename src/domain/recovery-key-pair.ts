import { formatRecoveryKey, recoveryKeyBytes } from './recovery-key.ts'

/** 32 bytes each; the caller zeroes the private one. */
export interface RecoveryKeyPair {
  privateKey: Uint8Array<ArrayBuffer>
  publicKey: Uint8Array<ArrayBuffer>
}

export interface NewRecoveryKey {
  /** Recovery key in its written form. */
  recoveryKey: string
  /** Base64url. */
  publicKey: string
}

const label = new TextEncoder().encode('edgekeep recovery key 1')
/** PKCS#8 prefix of a 32-byte X25519 key (RFC 8410, section 7). */
const pkcs8Start = [0x30, 0x2e, 2, 1, 0, 0x30, 5, 6, 3, 0x2b, 0x65, 0x6e, 4, 0x22, 4, 0x20]

/**
 * Makes a recovery key in its written form, and its public key for the vault. Called where it is shown, by
 * the window or the command line: it is in no response of the engine.
 */
export async function newRecoveryKey(): Promise<NewRecoveryKey> {
  const secret = crypto.getRandomValues(new Uint8Array(recoveryKeyBytes))
  const { privateKey, publicKey } = await recoveryKeyPair(secret)
  const recoveryKey = formatRecoveryKey(secret)
  secret.fill(0)
  privateKey.fill(0)
  return { recoveryKey, publicKey: base64Url(publicKey) }
}

/** Derives the X25519 key pair (RFC 7748) from a recovery key's 20 bytes by HKDF with SHA-256 (RFC 5869). */
export async function recoveryKeyPair(secret: Uint8Array<ArrayBuffer>): Promise<RecoveryKeyPair> {
  const { subtle } = crypto
  const input = await subtle.importKey('raw', secret, 'HKDF', false, ['deriveBits'])
  const derivation = { name: 'HKDF', hash: 'SHA-256', salt: new Uint8Array(), info: label }
  const privateKey = new Uint8Array(await subtle.deriveBits(derivation, input, 256))
  const pkcs8 = Uint8Array.from([...pkcs8Start, ...privateKey])
  const key = await subtle.importKey('pkcs8', pkcs8, { name: 'X25519' }, true, ['deriveBits'])
  pkcs8.fill(0)
  const { x = '' } = await subtle.exportKey('jwk', key)
  return { privateKey, publicKey: fromBase64Url(x) }
}

function base64Url(bytes: Uint8Array): string {
  return btoa(String.fromCharCode(...bytes))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replaceAll('=', '')
}

function fromBase64Url(text: string): Uint8Array<ArrayBuffer> {
  const binary = atob(text.replaceAll('-', '+').replaceAll('_', '/'))
  return Uint8Array.from(binary, (character) => character.charCodeAt(0))
}
