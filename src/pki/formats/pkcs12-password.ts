/** What a derived key is for (RFC 7292, appendix B.3). */
export const pkcs12Purpose = { key: 1, iv: 2, mac: 3 } as const

/** A passphrase as PKCS#12 hashes it: UTF-16 big-endian with its end marked; nothing at all for none. */
export function pkcs12Password(passphrase: string | undefined): Buffer {
  return passphrase === undefined ? Buffer.alloc(0) : Buffer.from(`${passphrase}\0`, 'utf16le').swap16()
}
