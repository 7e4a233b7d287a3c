/**
 * Bounds on what hostile input may cost. Every one is far above what real files need and low
 * enough that the worst input within all of them is answered in well under two seconds.
 */
export const limits = {
  /** A PFX or a bundle of every public root stays under half of this. */
  fileBytes: 2 * 1024 * 1024,
  totalBytes: 16 * 1024 * 1024,
  files: 1000,
  /** PEM blocks of one file, and pieces of one intake. */
  pieces: 2000,
  /** OpenSSL's own bound on a certificate list in a handshake is 100 KiB. */
  certificateBytes: 100 * 1024,
  keyBytes: 64 * 1024,
  /** Intermediates after the leaf, the verifier's usual depth. */
  chainLength: 10,
  /** Signatures checked while ordering chains: bounds many certificates of one name. */
  signatureChecks: 400,
  /** Derivation rounds for one passphrase; OWASP asks for 600,000. */
  derivationRounds: 1_000_000,
  /** scrypt's N·r·p; OpenSSL writes 2^17. */
  scryptCost: 2 ** 21,
  passphraseCharacters: 1024,
} as const
