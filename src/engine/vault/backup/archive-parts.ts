import { EdgekeepError } from '../../../contract/errors.ts'
import { DERIVATION_AT, DERIVATION_BYTES, type Derivation } from './archive-derivation.ts'
import { ENCAPSULATED_BYTES, SEALED_KEY_BYTES } from './recovery-seal.ts'

/**
 * Where the parts of a backup file are. Format 2: magic line, format, scrypt's cost and salt, the
 * public recovery key, the sealed content key, nonce (all of that the associated data of what
 * follows), ciphertext, tag. Format 1, from before recovery keys, has neither of the two in the
 * middle, and what scrypt makes of its passphrase is the content key.
 */
export interface ArchiveParts {
  /** All that is before the ciphertext. */
  header: Buffer
  /** Undefined in format 1. */
  sealedTo?: {
    /** The public key of a recovery key, 32 bytes. */
    recipient: Buffer
    sealedKey: Buffer
    /** The part of the header that the sealed key is bound to: what is before it. */
    boundHeader: Buffer
  }
}

const MAGIC = Buffer.from('EDGEKEEP BACKUP\n', 'latin1')
const FORMAT = 2
const WITHOUT_RECOVERY = 1
const NONCE_BYTES = 12
const TAG_BYTES = 16
const DATA_KEY_BYTES = 32
const RECIPIENT_AT = DERIVATION_AT + DERIVATION_BYTES
const SEALED_AT = RECIPIENT_AT + 32
const NONCE_AT = SEALED_AT + ENCAPSULATED_BYTES + SEALED_KEY_BYTES

/** The header as far as the sealed key. */
export function headerOf(derivation: Derivation, recipient: Buffer): Buffer {
  return Buffer.concat([MAGIC, Buffer.of(FORMAT), derivation, recipient])
}

/** Throws backup.malformed. */
export function archivePartsOf(archive: Buffer): ArchiveParts {
  if (!archive.subarray(0, MAGIC.length).equals(MAGIC)) throw malformed('it begins with something else')
  const format = archive[MAGIC.length]
  if (format === WITHOUT_RECOVERY) return { header: upTo(archive, RECIPIENT_AT + NONCE_BYTES) }
  if (format !== FORMAT) throw malformed('its format is one that this Edgekeep does not know')
  const header = upTo(archive, NONCE_AT + NONCE_BYTES)
  return {
    header,
    sealedTo: {
      recipient: header.subarray(RECIPIENT_AT, SEALED_AT),
      sealedKey: header.subarray(SEALED_AT, NONCE_AT),
      boundHeader: header.subarray(0, SEALED_AT),
    },
  }
}

function upTo(archive: Buffer, headerBytes: number): Buffer {
  if (archive.length < headerBytes + DATA_KEY_BYTES + TAG_BYTES) throw malformed('it is cut short')
  return archive.subarray(0, headerBytes)
}

function malformed(reason: string): EdgekeepError {
  return new EdgekeepError('backup.malformed', { reason })
}
