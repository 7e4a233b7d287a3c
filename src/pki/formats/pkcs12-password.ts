/** Purposes of a derived key (RFC 7292, appendix B.3). */
export const pkcs12Purpose = { key: 1, iv: 2, mac: 3 } as const

/** Encodes a passphrase for PKCS#12: UTF-16 big-endian with a terminator; empty for none. */
export function pkcs12Password(passphrase: string | undefined): Buffer {
  return passphrase === undefined ? Buffer.alloc(0) : Buffer.from(`${passphrase}\0`, 'utf16le').swap16()
}
