/**
 * Limits for hostile input. Each is far above the needs of real files, and low enough that the worst input
 * within all of them takes well under two seconds.
 */
export const limits = {
  /** A PFX or a bundle of every public root is less than half of this. */
  fileBytes: 2 * 1024 * 1024,
  totalBytes: 16 * 1024 * 1024,
  files: 1000,
  /** Lines of all messages of a call; 2 MiB in base64 has 28,000. */
  mailLines: 50_000,
  /** Archives and messages inside each other, such as a zip attached to a mail. */
  archiveDepth: 3,
  /** Expanded octets for each compressed one; text seldom compresses better than 1 to 20. */
  archiveRatio: 100,
  /** The ratio counts from this size on. */
  archiveRatioFrom: 256 * 1024,
  /** PEM blocks of one file, and pieces of one intake. */
  pieces: 2000,
  /** OpenSSL's own bound on a certificate list in a handshake is 100 KiB. */
  certificateBytes: 100 * 1024,
  keyBytes: 64 * 1024,
  /** Intermediates after the leaf, the verifier's usual depth. */
  chainLength: 10,
  /** Signature checks per chain search, for inputs with many certificates of one name. */
  signatureChecks: 400,
  /** Derivation rounds of one key; OWASP asks for 600,000. */
  derivationRounds: 1_000_000,
  /** Rounds of HMAC-SHA-256, or equal cost, over one call: about a second. */
  derivationWork: 2_500_000,
  /** Work on the engine's thread; more runs off it. */
  smallDerivation: 250_000,
  /**
   * Cost of testing whether archives open without a passphrase, over one call. Above it, the passphrase is
   * requested.
   */
  trialWork: 500_000,
  /** Rounds and work for a file with its passphrase: off the thread, with progress, and cancellable. */
  openingRounds: 10_000_000,
  openingWork: 150_000_000,
  scryptBytes: 64 * 1024 * 1024,
} as const
