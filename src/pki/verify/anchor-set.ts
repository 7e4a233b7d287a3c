/** Trust anchors, with their name for sentences. */
export interface AnchorSet {
  /** `public roots`, `local authority`. */
  name: string
  /** DER. The verifier caches an index by this array, so pass the same array for the same set. */
  certificates: Uint8Array[]
  /**
   * Skips rules for issuers that no client checks, such as the presence of key identifiers: private CAs often
   * break them and work everywhere.
   */
  lenient?: boolean
}
