import { createPrivateKey, createPublicKey, type KeyObject } from 'node:crypto'
import { AsnConvert } from '@peculiar/asn1-schema'
import { EncryptedPrivateKeyInfo } from '@peculiar/asn1-pkcs8'
import type { PublicKeyFacts } from '../../contract/certificate-facts.ts'
import { EdgekeepError, type Place } from '../../contract/errors.ts'
import { toPemBytes } from './convert.ts'
import { tooCostly } from './derivation-cost.ts'
import { limits } from './limits.ts'
import { keyInWords, publicKeyFacts } from './public-key.ts'

/**
 * A private key that was read. `pkcs8` is the only copy that lasts: OpenSSL's own goes with the
 * key object, which is never kept.
 */
export interface OpenKey {
  pkcs8: Buffer
  publicKey: PublicKeyFacts
  /** `EC P-256 private key (SEC1)`. */
  title: string
}

/** The form a key was written in, by its PEM label. */
const forms: Record<string, string> = {
  'PRIVATE KEY': 'PKCS#8',
  'ENCRYPTED PRIVATE KEY': 'PKCS#8',
  'RSA PRIVATE KEY': 'PKCS#1',
  'EC PRIVATE KEY': 'SEC1',
  'DSA PRIVATE KEY': 'traditional',
}
export const privateKeyLabels: ReadonlySet<string> = new Set(Object.keys(forms))

/**
 * Reads a key that has no passphrase.
 * @throws EdgekeepError `key.malformed`
 */
export function readPrivateKey(der: Uint8Array, label: string, place: Place): OpenKey {
  const key = loadKey(der, label, place)
  if (!key)
    throw new EdgekeepError('key.malformed', { place, reason: `it is not a complete ${forms[label]} key` })
  return opened(key, forms[label] ?? label)
}

/** The first of the three unencrypted forms that `der` is in, or undefined. */
export function sniffPrivateKey(der: Uint8Array, place: Place): OpenKey | undefined {
  for (const label of ['PRIVATE KEY', 'EC PRIVATE KEY', 'RSA PRIVATE KEY', 'DSA PRIVATE KEY']) {
    const key = loadKey(der, label, place)
    if (key) return opened(key, forms[label] ?? label)
  }
  return undefined
}

function loadKey(der: Uint8Array, label: string, place: Place): KeyObject | undefined {
  if (der.length > limits.keyBytes) {
    throw new EdgekeepError('input.too_large', { place, sizeBytes: der.length, limitBytes: limits.keyBytes })
  }
  const pem = toPemBytes(der, label)
  try {
    return createPrivateKey(pem)
  } catch {
    // What OpenSSL says about a broken key names its own routines; the caller says what was expected.
    return undefined
  } finally {
    pem.fill(0)
  }
}

function opened(key: KeyObject, form: string): OpenKey {
  const publicKey = publicKeyFacts(key, createPublicKey(key))
  return {
    pkcs8: key.export({ type: 'pkcs8', format: 'der' }),
    publicKey,
    title: `${keyInWords(publicKey)} private key (${form})`,
  }
}

/**
 * Decrypts PKCS#8 (RFC 5958) with a passphrase.
 * `inspectEncryptedPkcs8` says whether that is affordable.
 * @throws EdgekeepError `key.wrong_passphrase`, `key.malformed`
 */
export function unlockPkcs8(der: Uint8Array, passphrase: string, place: Place): OpenKey {
  const pem = toPemBytes(der, 'ENCRYPTED PRIVATE KEY')
  return opened(decrypt(pem, passphrase, place), forms['PRIVATE KEY'] as string)
}

/**
 * Looks at an encrypted key without opening it: undefined where it is no encrypted PKCS#8, else
 * whether a passphrase may be tried and if not, why.
 */
export function inspectEncryptedPkcs8(der: Uint8Array): { refusal: string | undefined } | undefined {
  try {
    return { refusal: tooCostly(AsnConvert.parse(der, EncryptedPrivateKeyInfo).encryptionAlgorithm) }
  } catch {
    return undefined
  }
}

/**
 * Decrypts a traditional key with its `DEK-Info` header (RFC 1421, section 4.6.1.3).
 * @throws EdgekeepError `key.wrong_passphrase`, `key.malformed`
 */
export function unlockTraditional(
  block: { label: string; dekInfo: string; bytes: Uint8Array },
  passphrase: string,
  place: Place,
): OpenKey {
  const bare = toPemBytes(block.bytes, block.label)
  const firstLine = bare.indexOf(0x0a) + 1
  const headers = Buffer.from(`Proc-Type: 4,ENCRYPTED\nDEK-Info: ${block.dekInfo}\n\n`, 'latin1')
  const pem = Buffer.concat([bare.subarray(0, firstLine), headers, bare.subarray(firstLine)])
  return opened(decrypt(pem, passphrase, place), forms[block.label] ?? block.label)
}

function decrypt(pem: Buffer, passphrase: string, place: Place): KeyObject {
  if (passphrase.length > limits.passphraseCharacters)
    throw new EdgekeepError('key.wrong_passphrase', { place })
  try {
    return createPrivateKey({ key: pem, passphrase })
  } catch (error) {
    if (!/UNSUPPORTED|UNKNOWN/.test((error as NodeJS.ErrnoException).code ?? '')) {
      throw new EdgekeepError('key.wrong_passphrase', { place })
    }
    const reason = 'it is encrypted with a method that OpenSSL 3 no longer offers'
    throw new EdgekeepError('key.malformed', { place, reason })
  }
}
