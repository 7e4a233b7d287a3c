/**
 * The bytes of a passphrase; the caller zeroes them. In normal form C (RFC 8265, section 4.2), so
 * that the same letters typed on another keyboard are the same bytes.
 */
export function passphraseBytes(passphrase: string): Buffer {
  return Buffer.from(passphrase.normalize('NFC'))
}
