import {
  AEAD_AES_256_GCM,
  CipherSuite,
  DecapError,
  EncapError,
  KDF_HKDF_SHA256,
  KEM_DHKEM_X25519_HKDF_SHA256,
  OpenError,
} from 'hpke'
import type { RecoveryKeyPair } from '../../../domain/recovery-key-pair.ts'
import { SecretBytes } from '../../../domain/secret-bytes.ts'

/**
 * Seals a backup's content key to the recovery key and under the backup's passphrase: HPKE in its PSK mode
 * (RFC 9180, section 5.1.2) with DHKEM(X25519, HKDF-SHA256), HKDF-SHA256 and AES-256-GCM. The pre-shared key
 * is the scrypt output for the passphrase. Opening also needs the private key, which only the person has.
 */
const suite = new CipherSuite(KEM_DHKEM_X25519_HKDF_SHA256, KDF_HKDF_SHA256, AEAD_AES_256_GCM)
const info = Buffer.from('edgekeep backup 2')

export const encapsulatedBytes = 32
/** A key of 32 bytes and the tag. */
export const sealedKeyBytes = 48

export interface SealingTerms {
  /** 32 bytes. */
  passphraseKey: Buffer
  /** Cost and salt of the passphrase key. */
  derivation: Buffer
  /** Associated data of the sealed key. */
  header: Buffer
}

/** X25519 does not accept every 32-byte value. */
export async function canSealTo(publicKey: Buffer): Promise<boolean> {
  const nothing = Buffer.alloc(32)
  const terms = { passphraseKey: nothing, derivation: nothing, header: nothing }
  return (await sealContentKey(nothing, publicKey, terms)) !== undefined
}

/** Returns the encapsulated secret and the sealed key; undefined for an unusable public key. */
export async function sealContentKey(
  contentKey: Buffer,
  publicKey: Buffer,
  terms: SealingTerms,
): Promise<Buffer | undefined> {
  try {
    const recipient = await suite.DeserializePublicKey(publicKey)
    const { encapsulatedSecret, ciphertext } = await suite.Seal(recipient, contentKey, optionsOf(terms))
    return Buffer.concat([encapsulatedSecret, ciphertext])
  } catch (error) {
    if (error instanceof EncapError) return undefined
    throw error
  }
}

/** Returns the content key; undefined for wrong keys or a changed file. */
export async function openContentKey(
  sealed: Buffer,
  { privateKey, publicKey }: RecoveryKeyPair,
  terms: SealingTerms,
): Promise<SecretBytes | undefined> {
  const pair = {
    privateKey: await suite.DeserializePrivateKey(privateKey, false),
    publicKey: await suite.DeserializePublicKey(publicKey),
  }
  const [secret, ciphertext] = [sealed.subarray(0, encapsulatedBytes), sealed.subarray(encapsulatedBytes)]
  try {
    const opened = await suite.Open(pair, secret, ciphertext, optionsOf(terms))
    return new SecretBytes(Buffer.from(opened.buffer))
  } catch (error) {
    if (error instanceof OpenError || error instanceof DecapError) return undefined
    throw error
  }
}

function optionsOf({ passphraseKey, derivation, header }: SealingTerms) {
  return { info: info, aad: header, psk: passphraseKey, pskId: derivation }
}
