import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto'
import { EdgekeepError } from '../../../contract/errors.ts'
import { deriveKey } from '../derive-key.ts'

/**
 * The backup file: a whole database with its data key, under a passphrase.
 *
 * Threat model. The attacker has the file and may change it. Without the passphrase nothing of it
 * is readable, not even names, and a changed file is refused whole; what a guess at the passphrase
 * costs is scrypt's cost (RFC 7914). The file says how much that is, so what it says is bounded:
 * a hostile one cannot ask for more memory than `MAX_LOG2_N` allows.
 *
 * Shape: magic, format, log2 N, r, p, salt, nonce (all of that the associated data), ciphertext,
 * 128-bit tag; AES-256-GCM. The plaintext is the 32-byte data key and then the database.
 */

const MAGIC = Buffer.from('EDGEKEEP BACKUP\n', 'latin1')
const FORMAT = 1
const COST = { log2N: 17, r: 8, p: 1 }
const MAX_LOG2_N = 18
const SALT_BYTES = 16
const NONCE_BYTES = 12
const TAG_BYTES = 16
const KEY_BYTES = 32
const COST_AT = MAGIC.length + 1
const SALT_AT = COST_AT + 3
const HEADER_BYTES = SALT_AT + SALT_BYTES + NONCE_BYTES

export interface ArchiveContent {
  /** The vault's data key, which opens what is sealed in the image; the caller zeroes it. */
  dataKey: Buffer
  /** The database file. */
  image: Buffer
}

/** How an archive's key is derived, and the key; the caller zeroes that. */
export interface ArchiveKey {
  /** The beginning of the header, as far as the salt. */
  start: Buffer
  key: Buffer
}

/** The bytes of a backup file. Throws input.invalid for an empty passphrase. */
export async function sealArchive(content: ArchiveContent, passphrase: Buffer): Promise<Buffer> {
  const archiveKey = await newArchiveKey(passphrase)
  try {
    return sealArchiveWith(content, archiveKey)
  } finally {
    archiveKey.key.fill(0)
  }
}

/** With a salt of its own. Throws input.invalid for an empty passphrase. */
export async function newArchiveKey(passphrase: Buffer): Promise<ArchiveKey> {
  if (passphrase.length === 0) throw new EdgekeepError('input.invalid', { reason: 'Give a passphrase.' })
  const cost = Buffer.of(FORMAT, COST.log2N, COST.r, COST.p)
  const start = Buffer.concat([MAGIC, cost, randomBytes(SALT_BYTES)])
  return { start, key: await derive(start, passphrase) }
}

/** Each with a nonce of its own: one key may seal 2^32 of them (NIST SP 800-38D, section 8.3). */
export function sealArchiveWith(content: ArchiveContent, { start, key }: ArchiveKey): Buffer {
  const header = Buffer.concat([start, randomBytes(NONCE_BYTES)])
  const cipher = createCipheriv('aes-256-gcm', key, nonceOf(header), { authTagLength: TAG_BYTES })
  cipher.setAAD(header)
  const parts = [cipher.update(content.dataKey), cipher.update(content.image), cipher.final()]
  return Buffer.concat([header, ...parts, cipher.getAuthTag()])
}

/** Throws backup.malformed, and backup.not_opened for another passphrase or a changed file. */
export async function openArchive(archive: Buffer, passphrase: Buffer): Promise<ArchiveContent> {
  const header = headerOf(archive)
  const key = await derive(header, passphrase)
  const decipher = createDecipheriv('aes-256-gcm', key, nonceOf(header), { authTagLength: TAG_BYTES })
  key.fill(0)
  decipher.setAAD(header)
  decipher.setAuthTag(archive.subarray(archive.length - TAG_BYTES))
  const content = decipher.update(archive.subarray(HEADER_BYTES, archive.length - TAG_BYTES))
  try {
    decipher.final()
  } catch (cause) {
    content.fill(0)
    throw new EdgekeepError('backup.not_opened', {}, { cause })
  }
  return { dataKey: content.subarray(0, KEY_BYTES), image: content.subarray(KEY_BYTES) }
}

function headerOf(archive: Buffer): Buffer {
  if (!archive.subarray(0, MAGIC.length).equals(MAGIC)) throw malformed('it begins with something else')
  if (archive.length < HEADER_BYTES + KEY_BYTES + TAG_BYTES) throw malformed('it is cut short')
  if (archive[MAGIC.length] !== FORMAT) throw malformed('its format is one that this Edgekeep does not know')
  return archive.subarray(0, HEADER_BYTES)
}

async function derive(header: Buffer, passphrase: Buffer): Promise<Buffer> {
  const [log2N = 0, r = 0, p = 0] = header.subarray(COST_AT, SALT_AT)
  if (log2N < 14 || log2N > MAX_LOG2_N || r !== COST.r || p < 1 || p > 4)
    throw malformed('it asks for more work than a backup may')
  return deriveKey(passphrase, header.subarray(SALT_AT, SALT_AT + SALT_BYTES), { log2N, r, p })
}

function nonceOf(header: Buffer): Buffer {
  return header.subarray(HEADER_BYTES - NONCE_BYTES)
}

function malformed(reason: string): EdgekeepError {
  return new EdgekeepError('backup.malformed', { reason })
}
