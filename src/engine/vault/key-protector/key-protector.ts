import type { ProtectorKind } from '../schema.ts'

/**
 * Keeps the key that wraps a vault's data key. A protector either gives back exactly what it
 * established, or fails: it never makes a new key for a vault that has one.
 */
export interface KeyProtector {
  readonly kind: ProtectorKind
  /** Whoever has the vault's folder has the wrapping key too. */
  readonly weak: boolean
  /** How the key is kept, a sentence for people. */
  readonly reason: string
  /** Makes the 32-byte wrapping key of a new vault and has read it back. Throws `ProtectorFailure`. */
  establish(vaultId: string): Promise<Buffer>
  /** The wrapping key that was established for this vault. Throws `ProtectorFailure`. */
  recover(vaultId: string): Promise<Buffer>
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

export const WRAPPING_KEY_BYTES = 32
