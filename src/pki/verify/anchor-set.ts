/** Certificates that are trusted by themselves, and what to call them in a sentence. */
export interface AnchorSet {
  /** `public roots`, `local authority`. */
  name: string
  /** DER. The verifier keeps an index by this array, so pass the same array again where it is the same set. */
  certificates: Uint8Array[]
  /**
   * Leaves out the rules that bind issuers but that no client checks, such as the presence of key
   * identifiers: private authorities often break them and work everywhere.
   */
  lenient?: boolean
}
