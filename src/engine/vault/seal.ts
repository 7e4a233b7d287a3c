import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto'
import { EdgekeepError } from '../../contract/errors/registry.ts'
import { SecretBytes } from '../../domain/secret-bytes.ts'

/**
 * The sealing of one secret.
 *
 * Threat model. The attacker reads the database, its WAL and every copy of them, and may write
 * to them too, but does not hold the data key (that is the key protector's promise, not this
 * file's). Promised here: such an attacker learns a secret's length and nothing else, and can
 * neither change a sealed secret nor move it to another row, another table or under another
 * certificate without `unseal` refusing it. Not promised: that an older sealed secret of the
 * same row is refused (a rolled-back database opens), nor anything against code that runs in
 * the engine's own process.
 *
 * Shape: one format byte, a random 96-bit nonce, the ciphertext, the 128-bit tag
 * (AES-256-GCM, NIST SP 800-38D). Random nonces bound one data key to 2^32 sealings (section
 * 8.3), far above what a vault holds. The binding is the associated data; each part carries its
 * length, so that no two bindings have the same bytes.
 */

const formatVersion = 1
const nonceBytes = 12
const tagBytes = 16
const frameBytes = 1 + nonceBytes + tagBytes

/** Row that a sealed secret belongs to: opening it needs the same values. */
export interface SealBinding {
  table:
    | 'sealed_keys'
    | 'authority'
    | 'authority_intermediate'
    | 'protection'
    | 'audit_seal'
    | 'backup_schedule'
    | 'recovery_key'
    | 'acme_accounts'
    | 'dns_methods'
    | 'notice_channels'
    | 'requests'
    | 'acme_server_bindings'
    | 'target_keys'
  row: string
  /** Hex SHA-256 of the secret's public key; empty without one. */
  spkiSha256: string
}

/** Failure to unseal bytes that were changed, moved to another row, or sealed under another key. */
export class BrokenSeal extends Error {
  constructor() {
    super('The sealed bytes do not open.')
    this.name = 'BrokenSeal'
  }
}

export function seal(key: Buffer, secret: Buffer, binding: SealBinding): Buffer {
  const nonce = randomBytes(nonceBytes)
  const cipher = createCipheriv('aes-256-gcm', key, nonce, { authTagLength: tagBytes })
  cipher.setAAD(associatedData(binding))
  const ciphertext = Buffer.concat([cipher.update(secret), cipher.final()])
  return Buffer.concat([Buffer.of(formatVersion), nonce, ciphertext, cipher.getAuthTag()])
}

/**
 * Opens a sealed secret.
 * @throws `BrokenSeal`, without details on purpose
 */
export function unseal(key: Buffer, sealed: Buffer, binding: SealBinding): SecretBytes {
  if (sealed.length < frameBytes || sealed[0] !== formatVersion) throw new BrokenSeal()
  const nonce = sealed.subarray(1, 1 + nonceBytes)
  const decipher = createDecipheriv('aes-256-gcm', key, nonce, { authTagLength: tagBytes })
  decipher.setAAD(associatedData(binding))
  decipher.setAuthTag(sealed.subarray(sealed.length - tagBytes))
  // GCM decrypts before it verifies: the output is wiped when the tag is refused.
  using secret = new SecretBytes(decipher.update(sealed.subarray(1 + nonceBytes, sealed.length - tagBytes)))
  try {
    decipher.final()
  } catch {
    throw new BrokenSeal()
  }
  return secret.move()
}

/** Sealed secret with its binding and its name for people. */
export interface NamedSeal {
  sealed: Buffer | null
  binding: SealBinding
  name: string
}

/** @throws `key.unsealable` with the secret's name if there is none or it does not open */
export function unsealNamed(key: Buffer, { sealed, binding, name }: NamedSeal): SecretBytes {
  if (!sealed) throw new EdgekeepError('key.unsealable', { name })
  try {
    return unseal(key, sealed, binding)
  } catch (error) {
    if (!(error instanceof BrokenSeal)) throw error
    throw new EdgekeepError('key.unsealable', { name }, { cause: error })
  }
}

/**
 * Opens a secret for `use` alone, and wipes it at the end: at once, or when the returned promise has settled.
 * @throws as `unsealNamed`
 */
export function withUnsealed<T>(key: Buffer, named: NamedSeal, use: (secret: Buffer) => T): T {
  using secret = unsealNamed(key, named)
  const result = use(secret.bytes)
  if (!(result instanceof Promise)) return result
  const awaited = secret.move()
  return result.finally(() => awaited[Symbol.dispose]()) as T
}

function associatedData({ table, row, spkiSha256 }: SealBinding): Buffer {
  return lengthPrefixed([`edgekeep seal ${formatVersion}`, table, row, spkiSha256])
}

/** Encodes the parts as UTF-8, each after its length in four bytes: no two lists have the same bytes. */
export function lengthPrefixed(parts: readonly string[]): Buffer {
  return Buffer.concat(parts.flatMap((part) => [lengthOf(part), Buffer.from(part, 'utf8')]))
}

function lengthOf(part: string): Buffer {
  const length = Buffer.alloc(4)
  length.writeUInt32BE(Buffer.byteLength(part, 'utf8'))
  return length
}
