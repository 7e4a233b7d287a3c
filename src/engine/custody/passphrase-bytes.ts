/**
 * The bytes of a passphrase; the caller zeroes them. In normal form C (RFC 8265, section 4.2), so
 * that the same letters typed on another keyboard are the same bytes.
 */
export function passphraseBytes(passphrase: string): Buffer {
  return Buffer.from(passphrase.normalize('NFC'))
}

/**
 * The bytes that the passphrase of a backup may have been sealed with, the likeliest first: backups
 * from before normal form C have the form that the keyboard gave. The caller zeroes them.
 */
export function possiblePassphraseBytes(passphrase: string): Buffer[] {
  const forms = new Set([passphrase.normalize('NFC'), passphrase, passphrase.normalize('NFD')])
  return [...forms].map((form) => Buffer.from(form))
}
