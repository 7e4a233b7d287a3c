import { EdgekeepError } from '../../contract/errors.ts'
import type { ProtectorKind } from './schema.ts'

/** How the data key is protected, as recorded in the vault. */
export interface Protection {
  protector: ProtectorKind
  weak: boolean
  reason: string
}

/** The same with whether the vault is locked; `lockReason` is the sentence of vault.locked. */
export interface ProtectionState extends Protection {
  locked: boolean
  lockReason: string | null
  /** A sentence for each step of cleaning up that has failed and is tried again (`clean-up.ts`). */
  warnings: string[]
}

/** 32 bytes each. */
export interface VaultKeys {
  dataKey: Buffer
  auditKey: Buffer
}

/**
 * The vault's keys while it is open, in this one place: whoever seals or unseals asks for them at each call
 * and keeps no copy, so that locking leaves no copy behind.
 */
export interface HeldKeys {
  /** Changed in place; `locked` and `lockReason` change through the calls below. */
  readonly protection: ProtectionState
  /** @throws `vault.locked` */
  dataKey(): Buffer
  /** @throws `vault.locked` */
  auditKey(): Buffer
  /**
   * Takes the keys over, and zeroes them when it locks.
   * @throws `vault.locked` once it is closed
   */
  hold(keys: VaultKeys): void
  /** The reason completes "The vault is locked: …". */
  lock(reason: string): void
  /** Locks for good. */
  close(): void
}

export function heldKeys(recorded: Protection, reason: string): HeldKeys {
  let held: VaultKeys | undefined
  let lockedBecause = reason
  let isClosed = false
  const locked = () => new EdgekeepError('vault.locked', { reason: lockedBecause })
  const protection: ProtectionState = {
    ...recorded,
    locked: true,
    lockReason: locked().message,
    warnings: [],
  }

  function keys(): VaultKeys {
    if (!held) throw locked()
    return held
  }

  function hold(given: VaultKeys): void {
    if (isClosed) {
      zero(given)
      throw locked()
    }
    held = given
    Object.assign(protection, { locked: false, lockReason: null })
  }

  function lock(because: string): void {
    if (held) zero(held)
    held = undefined
    lockedBecause = because
    Object.assign(protection, { locked: true, lockReason: locked().message })
  }

  function close(): void {
    isClosed = true
    lock('it is closed')
  }

  return {
    protection,
    dataKey: () => keys().dataKey,
    auditKey: () => keys().auditKey,
    hold,
    lock,
    close,
  }
}

function zero({ dataKey, auditKey }: VaultKeys): void {
  dataKey.fill(0)
  auditKey.fill(0)
}
