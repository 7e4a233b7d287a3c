import { EdgekeepError } from '../../../contract/errors/registry.ts'
import { derivationAt, derivationBytes, type Derivation } from './archive-derivation.ts'
import { encapsulatedBytes, sealedKeyBytes } from './recovery-seal.ts'

/**
 * Layout of a backup file. Format 2: magic line, format, scrypt's cost and salt, the public recovery key,
 * the sealed content key, nonce (all of these are the associated data of the rest), ciphertext, tag. Format
 * 1, older than recovery keys, lacks the public recovery key and the sealed content key; its content key is
 * the scrypt output for the passphrase.
 */
export interface ArchiveParts {
  header: Buffer
  /** Undefined in format 1. */
  sealedTo?: {
    /** Public key of a recovery key, 32 bytes. */
    recipient: Buffer
    sealedKey: Buffer
    /** Bytes before the sealed key, to which it is bound. */
    boundHeader: Buffer
  }
}

const magic = Buffer.from('EDGEKEEP BACKUP\n', 'latin1')
const formatVersion = 2
const withoutRecovery = 1
const nonceBytes = 12
const tagBytes = 16
const dataKeyBytes = 32
const recipientAt = derivationAt + derivationBytes
const sealedAt = recipientAt + 32
const nonceAt = sealedAt + encapsulatedBytes + sealedKeyBytes

/** Header up to the sealed key. */
export function headerOf(derivation: Derivation, recipient: Buffer): Buffer {
  return Buffer.concat([magic, Buffer.of(formatVersion), derivation, recipient])
}

/** @throws `backup.malformed` */
export function archivePartsOf(archive: Buffer): ArchiveParts {
  if (!archive.subarray(0, magic.length).equals(magic)) throw malformed('it begins with something else')
  const format = archive[magic.length]
  if (format === withoutRecovery) return { header: upTo(archive, recipientAt + nonceBytes) }
  if (format !== formatVersion) throw malformed('its format is one that this Edgekeep does not know')
  const header = upTo(archive, nonceAt + nonceBytes)
  return {
    header,
    sealedTo: {
      recipient: header.subarray(recipientAt, sealedAt),
      sealedKey: header.subarray(sealedAt, nonceAt),
      boundHeader: header.subarray(0, sealedAt),
    },
  }
}

function upTo(archive: Buffer, headerBytes: number): Buffer {
  if (archive.length < headerBytes + dataKeyBytes + tagBytes) throw malformed('it is cut short')
  return archive.subarray(0, headerBytes)
}

function malformed(reason: string): EdgekeepError {
  return new EdgekeepError('backup.malformed', { reason })
}
