import { parseRecoveryKey } from '../../domain/recovery-key.ts'
import { recoveryKeyPair, type RecoveryKeyPair } from '../../domain/recovery-key-pair.ts'
import { SecretBytes, type Unwiped } from '../../domain/secret-bytes.ts'

/**
 * Encodes a passphrase in normal form C (RFC 8265, section 4.2), so that the same letters from another
 * keyboard are the same bytes.
 */
export function passphraseBytes(passphrase: Unwiped<string>): SecretBytes {
  return new SecretBytes(Buffer.from(passphrase.normalize('NFC')))
}

/**
 * Possible encodings of a backup's passphrase, likeliest first: backups older than normal form C have the
 * keyboard's form.
 */
export function possiblePassphraseBytes(passphrase: Unwiped<string>): Buffer[] {
  const forms = new Set([passphrase.normalize('NFC'), passphrase, passphrase.normalize('NFD')])
  return [...forms].map((form) => Buffer.from(form))
}

/** @throws `recovery.malformed` */
export async function typedRecoveryKeyPair(typed: Unwiped<string>): Promise<RecoveryKeyPair> {
  using secret = new SecretBytes(parseRecoveryKey(typed))
  return await recoveryKeyPair(secret.bytes)
}
