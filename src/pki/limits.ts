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
  /** Signatures checked while ordering chains; a bound for inputs with many certificates of one name. */
  signatureChecks: 400,
  /** Derivation rounds of one key; OWASP asks for 600,000. */
  derivationRounds: 1_000_000,
  /** Rounds of HMAC-SHA-256, or what costs as much, for all that one call opens: about a second. */
  derivationWork: 2_500_000,
  /** Work that is done at once on the engine's thread; more is done off it. */
  smallDerivation: 250_000,
  /**
   * For testing whether archives open without a passphrase, over one call. For an archive that takes more,
   * the passphrase is asked for.
   */
  trialWork: 500_000,
  /**
   * Rounds and work for a file for which a passphrase was given: done off the thread, with progress, and
   * cancellable.
   */
  openingRounds: 10_000_000,
  openingWork: 150_000_000,
  scryptBytes: 64 * 1024 * 1024,
} as const
