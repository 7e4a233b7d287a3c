import type { ProtectorKind } from '../schema.ts'

/**
 * Keeps the key that wraps a vault's data key. A protector returns exactly the key that it established, or
 * fails; `recover` never makes a key.
 */
export interface KeyProtector {
  readonly kind: ProtectorKind
  /** Whoever has the vault's folder has the wrapping key too. */
  readonly weak: boolean
  /** How the key is kept, a sentence for people. */
  readonly reason: string
  /**
   * Why it cannot keep a key on this computer now; completes "Not available: …". Null where it can. Prompts
   * nobody.
   */
  whyNot(): Promise<string | null>
  /**
   * Makes a 32-byte wrapping key, stores it under this name and reads it back. The caller zeroes the
   * passphrase.
   * @throws `ProtectorFailure`; `vault.passphrase_needed` where the protector needs a passphrase and none is
   *   given
   */
  establish(keyName: string, passphrase?: Buffer): Promise<Buffer>
  /**
   * The wrapping key that was established by this name.
   * @throws `ProtectorFailure`
   */
  recover(keyName: string, passphrase?: Buffer): Promise<Buffer>
  /**
   * Removes the wrapping key of this name, if there is one.
   * @throws `ProtectorFailure`
   */
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
