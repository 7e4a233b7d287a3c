import type { ProtectorKind } from '../schema.ts'

/**
 * Keeps the key that wraps a vault's data key. A protector either gives back exactly what it
 * established, or fails: `recover` never makes a key.
 */
export interface KeyProtector {
  readonly kind: ProtectorKind
  /** Whoever has the vault's folder has the wrapping key too. */
  readonly weak: boolean
  /** How the key is kept, a sentence for people. */
  readonly reason: string
  /** Why it could keep no key here now, completing "Not available: …"; null where it could. Asks the person nothing. */
  whyNot(): Promise<string | null>
  /**
   * Makes a 32-byte wrapping key, keeps it by this name and reads it back. Throws `ProtectorFailure`.
   * The passphrase, which the caller zeroes, is for the protector that needs one, and throws
   * vault.passphrase_needed without.
   */
  establish(keyName: string, passphrase?: Buffer): Promise<Buffer>
  /** The wrapping key that was established by this name. Throws `ProtectorFailure`. */
  recover(keyName: string, passphrase?: Buffer): Promise<Buffer>
  /** Removes the wrapping key of this name, if there is one. Throws `ProtectorFailure`. */
  forget(keyName: string): Promise<void>
}

/** Why a protector cannot keep or give a key. The reason completes "The vault is locked: …". */
export class ProtectorFailure extends Error {
  readonly reason: string
  constructor(reason: string, options?: { cause?: unknown }) {
    super(reason, options)
    this.name = 'ProtectorFailure'
    this.reason = reason
  }
}

export const wrappingKeyBytes = 32
