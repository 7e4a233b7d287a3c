import { SecretBytes, type Unwiped } from '../../domain/secret-bytes.ts'
import { createPrivateKey, createPublicKey, type KeyObject } from 'node:crypto'
import { inside, leniently, readOne, tags } from '../asn1/der.ts'
import { foreignKeyNames, keyNames } from '../asn1/object-identifiers.ts'
import { readAlgorithm } from '../x509/algorithms.ts'
import { AsnConvert } from '@peculiar/asn1-schema'
import type { PublicKeyFacts } from '../../contract/inspect/certificate-facts.ts'
import { EdgekeepError, type Place } from '../../contract/errors/registry.ts'
import { toPemBytes } from './convert.ts'
import { limits } from '../limits.ts'
import { decryptWithPassphrase } from './password-encryption.ts'
import { EncryptedPrivateKeyInfo } from './password-schemas.ts'
import { formatKey, publicKeyFacts } from '../facts/public-key.ts'
import { decryptTraditional } from './traditional-encryption.ts'
import { gostArc, UnknownEncryption, unsupportedEncryption } from './unknown-encryption.ts'
import { NotYet, TooCostly, type WorkBudget } from '../work-budget.ts'

/**
 * A private key in memory. `pkcs8` is the only lasting copy: OpenSSL's own goes with the key object, which is
 * never retained.
 */
export interface OpenKey {
  pkcs8: SecretBytes
  publicKey: PublicKeyFacts
  /** `EC P-256 private key (SEC1)`. */
  title: string
}

const forms = new Map<string, string>(
  Object.entries({
    'PRIVATE KEY': 'PKCS#8',
    'ENCRYPTED PRIVATE KEY': 'PKCS#8',
    'RSA PRIVATE KEY': 'PKCS#1',
    'EC PRIVATE KEY': 'SEC1',
    'DSA PRIVATE KEY': 'traditional',
  }),
)
/** The format in brackets at the end of a key's title. */
export function keyFormIn(title: string | undefined): string | undefined {
  return title?.endsWith(')') ? title.slice(title.lastIndexOf('(') + 1, -1) : undefined
}

export const privateKeyLabels: ReadonlySet<string> = new Set(forms.keys())

/**
 * Reads an unencrypted key.
 * @throws EdgekeepError `key.malformed`
 */
export function readPrivateKey(der: Uint8Array, label: string, place: Place): OpenKey {
  const key = loadKey(der, label, place)
  if (!key) throw unreadableKey(der, label, place)
  return opened(key, forms.get(label) ?? label)
}

/** A complete PKCS#8 key of an algorithm that OpenSSL has not, such as GOST R 34.10, is named as such. */
function unreadableKey(der: Uint8Array, label: string, place: Place): EdgekeepError {
  const reason = `it is not a complete ${forms.get(label)} key`
  return leniently(
    [],
    () => {
      const fields = inside(readOne(der, tags.sequence))
      fields.next(tags.integer)
      const { oid } = readAlgorithm(fields.next(tags.sequence))
      fields.next(tags.octetString)
      if (keyNames.has(oid)) return new EdgekeepError('key.malformed', { place, reason })
      const advice = oid.startsWith(gostArc) ? gostKeyAdvice : undefined
      return new EdgekeepError('key.unsupported_type', {
        place,
        type: foreignKeyNames.get(oid) ?? oid,
        advice,
      })
    },
    new EdgekeepError('key.malformed', { place, reason }),
  )
}

const gostKeyAdvice =
  'With the gost engine, "openssl pkey -engine gost -in FILE -noout -text" shows it. For HTTPS, use RSA (2048 bits or more), EC (P-256, P-384, P-521) or Ed25519.'

/** Reads `der` in the first of the three unencrypted formats that fits; undefined if none does. */
export function sniffPrivateKey(der: Uint8Array, place: Place): OpenKey | undefined {
  if (der.length > limits.keyBytes) return undefined
  for (const label of ['PRIVATE KEY', 'EC PRIVATE KEY', 'RSA PRIVATE KEY', 'DSA PRIVATE KEY']) {
    const key = loadKey(der, label, place)
    if (key) return opened(key, forms.get(label) ?? label)
  }
  return undefined
}

function loadKey(der: Uint8Array, label: string, place: Place): Unwiped<KeyObject> | undefined {
  if (der.length > limits.keyBytes) {
    throw new EdgekeepError('input.too_large', { place, sizeBytes: der.length, limitBytes: limits.keyBytes })
  }
  using pem = new SecretBytes(toPemBytes(der, label))
  try {
    return createPrivateKey(pem.bytes)
  } catch {
    // OpenSSL's error for a broken key names its own routines; the caller has a better one.
    return undefined
  }
}

function opened(key: KeyObject, form: string): OpenKey {
  const publicKey = publicKeyFacts(createPublicKey(key))
  return {
    pkcs8: new SecretBytes(key.export({ type: 'pkcs8', format: 'der' })),
    publicKey,
    title: `${formatKey(publicKey)} private key (${form})`,
  }
}

/** Encrypted PKCS#8 (RFC 5958, section 3); undefined if `der` is not. */
export function readEncryptedPkcs8(der: Uint8Array): EncryptedPrivateKeyInfo | undefined {
  try {
    return AsnConvert.parse(der, EncryptedPrivateKeyInfo)
  } catch {
    return undefined
  }
}

/**
 * Decrypts PKCS#8 with a passphrase; `undefined` is none, as in PKCS#12.
 * @throws EdgekeepError `key.wrong_passphrase`, `key.malformed`, `key.unsupported_encryption`; NotYet
 */
export function unlockPkcs8(
  { encryptionAlgorithm, encryptedData }: EncryptedPrivateKeyInfo,
  passphrase: string | undefined,
  place: Place,
  budget: WorkBudget,
): OpenKey {
  const data = new Uint8Array(encryptedData.buffer)
  const der = atPlace(place, () => decryptWithPassphrase(encryptionAlgorithm, data, passphrase, budget))
  return openDecrypted(der, 'PRIVATE KEY', place)
}

/**
 * Decrypts a traditional key with its `DEK-Info` header (RFC 1421, section 4.6.1.3).
 * @throws EdgekeepError `key.wrong_passphrase`, `key.malformed`
 */
export function unlockTraditional(
  { label, dekInfo, bytes }: { label: string; dekInfo: string; bytes: Uint8Array },
  passphrase: string,
  place: Place,
  budget: WorkBudget,
): OpenKey {
  const der = atPlace(place, () => decryptTraditional(dekInfo, bytes, passphrase, budget))
  return openDecrypted(der, label, place)
}

/** Decrypted bytes that are no key mean a wrong passphrase: one in 256 gives valid padding. */
function openDecrypted(decrypted: SecretBytes | undefined, label: string, place: Place): OpenKey {
  using der = decrypted
  const key = der && loadKey(der.bytes, label, place)
  if (!key) throw new EdgekeepError('key.wrong_passphrase', { place })
  return opened(key, forms.get(label) ?? label)
}

/** Adds the place to errors of `act`. */
function atPlace<T>(place: Place, act: () => T): T {
  try {
    return act()
  } catch (error) {
    if (error instanceof NotYet) throw error
    if (error instanceof TooCostly) throw new EdgekeepError('key.malformed', { place, reason: error.message })
    if (error instanceof UnknownEncryption) throw unsupportedEncryption(error.message, 'key', place)
    const reason = 'it is encrypted with parameters that cannot be read'
    throw new EdgekeepError('key.malformed', { place, reason })
  }
}
