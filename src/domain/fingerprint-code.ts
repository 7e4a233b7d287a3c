/**
 * Text of the QR code of a certificate's SHA-256 fingerprint, in the letters and form of phones, for
 * comparison by eye. Only characters of QR's alphanumeric mode (ISO/IEC 18004, 7.4.4).
 */
export function fingerprintCode(fingerprintSha256: string): string {
  return `SHA-256 ${fingerprintSha256.toUpperCase().match(/../g)?.join(':') ?? ''}`
}
