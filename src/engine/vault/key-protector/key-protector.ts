import type { SecretBytes } from '../../../domain/secret-bytes.ts'
import type { ProtectorKind } from '../schema.ts'

/**
 * Stores the key that wraps a vault's data key. A protector returns exactly the key that it established, or
 * fails; `recover` never makes a key.
 */
export interface KeyProtector {
  readonly kind: ProtectorKind
  /** The wrapping key is readable in the vault's folder. */
  readonly weak: boolean
  /** Description of the protection, as a sentence. */
  readonly reason: string
  /**
   * Returns the reason why it cannot keep a key on this computer now, completing "Not available: …", or
   * null. Never shows a prompt.
   */
  whyNot(): Promise<string | null>
  /**
   * Makes a 32-byte wrapping key, stores it under this name and reads it back.
   * @throws `ProtectorFailure`; `vault.passphrase_needed` for a missing passphrase
   */
  establish(keyName: string, passphrase?: Buffer): Promise<SecretBytes>
  /**
   * Returns the wrapping key established under this name.
   * @throws `ProtectorFailure`
   */
  recover(keyName: string, passphrase?: Buffer): Promise<SecretBytes>
  /**
   * Removes the wrapping key of this name, if it exists.
   * @throws `ProtectorFailure`
   */
  forget(keyName: string): Promise<void>
}

/** Failure of a protector to store or return a key. The reason completes "The vault is locked: …". */
export class ProtectorFailure extends Error {
  readonly reason: string
  constructor(reason: string, options?: { cause?: unknown }) {
    super(reason, options)
    this.name = 'ProtectorFailure'
    this.reason = reason
  }
}

export const wrappingKeyBytes = 32
