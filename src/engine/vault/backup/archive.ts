import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto'
import { EdgekeepError } from '../../../contract/errors/registry.ts'
import type { RecoveryKeyPair } from '../../../domain/recovery-key-pair.ts'
import { SecretBytes } from '../../../domain/secret-bytes.ts'
import { recoveryKeyId } from '../recovery-key.ts'
import { derivationOf, deriveArchiveKey, newDerivation, type Derivation } from './archive-derivation.ts'
import { archivePartsOf, headerOf, type ArchiveParts } from './archive-parts.ts'
import { openContentKey, sealContentKey } from './recovery-seal.ts'

/**
 * The backup file: a whole database with its data key, sealed to the vault's recovery key and under a
 * passphrase of its own.
 *
 * Threat model. The attacker has the file and may change it, or is a program that has the file made under a
 * passphrase that it chose. Without the recovery key, which is kept on paper and not on a computer, nothing
 * of the file can be read, not even names. With it, each guess at the passphrase costs scrypt's work. A
 * changed file is refused as a whole. The file states scrypt's cost, which is therefore bounded. The file's
 * form is in `archive-parts.ts`.
 */
const nonceBytes = 12
const tagBytes = 16
const keyBytes = 32

export interface ArchiveContent {
  /** Data key of the vault, which opens the secrets in the image. */
  dataKey: Buffer
  image: Buffer
}

export interface OpenedArchive {
  dataKey: SecretBytes
  image: Buffer
  /** Public key of its recovery key; null for the format without one. */
  recipient: Buffer | null
}

export interface ArchiveSecrets {
  /** Possible encodings of the passphrase (NFC, NFD), the likeliest first. */
  passphrases: readonly Buffer[]
  /** Recovery key pair, if one was given; the caller zeroes the private key. */
  recovery?: RecoveryKeyPair
}

/** Passphrase key of an archive with its derivation. */
export interface ArchiveKey {
  derivation: Derivation
  key: SecretBytes
}

/**
 * Derives an archive key with a new salt.
 * @throws `input.invalid` for an empty passphrase
 */
export async function newArchiveKey(passphrase: Buffer): Promise<ArchiveKey> {
  if (passphrase.length === 0) throw new EdgekeepError('input.invalid', { reason: 'Give a passphrase.' })
  const derivation = newDerivation()
  return { derivation, key: await deriveArchiveKey(derivation, passphrase) }
}

/**
 * Makes a backup file with a content key of its own. `recipient`: the public key of the vault's recovery key.
 * @throws `input.invalid` for an unusable public key
 */
export async function sealArchive(
  content: ArchiveContent,
  { derivation, key }: ArchiveKey,
  recipient: Buffer,
): Promise<Buffer> {
  using contentKey = new SecretBytes(randomBytes(keyBytes))
  const start = headerOf(derivation, recipient)
  const terms = { passphraseKey: key.bytes, derivation, header: start }
  const sealed = await sealContentKey(contentKey.bytes, recipient, terms)
  if (!sealed)
    throw new EdgekeepError('input.invalid', { reason: 'Nothing can be sealed to this recovery key.' })
  const header = Buffer.concat([start, sealed, randomBytes(nonceBytes)])
  const cipher = createCipheriv('aes-256-gcm', contentKey.bytes, nonceOf(header), { authTagLength: tagBytes })
  cipher.setAAD(header)
  const parts = [cipher.update(content.dataKey), cipher.update(content.image), cipher.final()]
  return Buffer.concat([header, ...parts, cipher.getAuthTag()])
}

/**
 * @throws `backup.malformed`, `backup.recovery_key_needed`, `recovery.wrong`, and `backup.not_opened` for
 *   another passphrase or a changed file
 */
export async function openArchive(archive: Buffer, secrets: ArchiveSecrets): Promise<OpenedArchive> {
  const parts = archivePartsOf(archive)
  refuseOtherRecoveryKey(parts, secrets.recovery)
  for (const passphrase of secrets.passphrases) {
    using key = await contentKeyOf(parts, passphrase, secrets.recovery)
    const content = key && decrypted(archive, parts.header, key.bytes)
    if (content) return openedArchive(content.bytes, parts)
  }
  throw new EdgekeepError('backup.not_opened', {})
}

function openedArchive(content: Buffer, { sealedTo }: ArchiveParts): OpenedArchive {
  const [dataKey, image] = [content.subarray(0, keyBytes), content.subarray(keyBytes)]
  return { dataKey: new SecretBytes(dataKey), image, recipient: sealedTo?.recipient ?? null }
}

function refuseOtherRecoveryKey({ sealedTo }: ArchiveParts, recovery: RecoveryKeyPair | undefined): void {
  if (!sealedTo) return
  const id = recoveryKeyId(sealedTo.recipient)
  if (!recovery) throw new EdgekeepError('backup.recovery_key_needed', { id })
  if (!sealedTo.recipient.equals(recovery.publicKey)) throw new EdgekeepError('recovery.wrong', { id })
}

async function contentKeyOf(
  { header, sealedTo }: ArchiveParts,
  passphrase: Buffer,
  recovery: RecoveryKeyPair | undefined,
): Promise<SecretBytes | undefined> {
  const derivation = derivationOf(header)
  using passphraseKey = await deriveArchiveKey(derivation, passphrase)
  if (!sealedTo || !recovery) return passphraseKey.move()
  const terms = { passphraseKey: passphraseKey.bytes, derivation, header: sealedTo.boundHeader }
  return await openContentKey(sealedTo.sealedKey, recovery, terms)
}

/** Undefined if the tag does not verify. */
function decrypted(archive: Buffer, header: Buffer, key: Buffer): SecretBytes | undefined {
  const decipher = createDecipheriv('aes-256-gcm', key, nonceOf(header), { authTagLength: tagBytes })
  decipher.setAAD(header)
  decipher.setAuthTag(archive.subarray(archive.length - tagBytes))
  // GCM decrypts before it verifies: the output is wiped when the tag is refused.
  using content = new SecretBytes(decipher.update(archive.subarray(header.length, archive.length - tagBytes)))
  try {
    decipher.final()
  } catch {
    return undefined
  }
  return content.move()
}

function nonceOf(header: Buffer): Buffer {
  return header.subarray(header.length - nonceBytes)
}
