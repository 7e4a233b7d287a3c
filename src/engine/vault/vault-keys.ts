import { EdgekeepError } from '../../contract/errors/registry.ts'
import type { SecretBytes } from '../../domain/secret-bytes.ts'
import type { ProtectorKind } from './schema.ts'

export interface Protection {
  protector: ProtectorKind
  weak: boolean
  reason: string
}

/** `lockReason` is the sentence of vault.locked. */
export interface ProtectionState extends Protection {
  locked: boolean
  lockReason: string | null
  /** Sentences about failed cleanups that are retried (`clean-up.ts`). */
  warnings: string[]
}

/** 32 bytes each. */
export interface VaultKeys {
  dataKey: SecretBytes
  auditKey: SecretBytes
}

export type VaultKeyHolder = ReturnType<typeof createKeyHolder>

/** Only copy of an open vault's keys: callers get them per call and keep none, for a complete lock. */
export function createKeyHolder(recorded: Protection, reason: string) {
  let current: VaultKeys | undefined
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
    if (!current) throw locked()
    return current
  }

  /** `because` completes "The vault is locked: …". */
  function lock(because: string): void {
    if (current) wipe(current)
    current = undefined
    lockedBecause = because
    Object.assign(protection, { locked: true, lockReason: locked().message })
  }

  return {
    /** Changed in place; `locked` and `lockReason` only by the calls below. */
    protection,
    /** @throws `vault.locked` */
    dataKey: (): Buffer => keys().dataKey.bytes,
    /** @throws `vault.locked` */
    auditKey: (): Buffer => keys().auditKey.bytes,
    /**
     * Takes ownership of the keys, and wipes them at the lock.
     * @throws `vault.locked` once it is closed
     */
    hold(given: VaultKeys): void {
      if (isClosed) {
        wipe(given)
        throw locked()
      }
      current = given
      Object.assign(protection, { locked: false, lockReason: null })
    },
    lock,
    /** Locks for good. */
    close(): void {
      isClosed = true
      lock('it is closed')
    },
  }
}

function wipe({ dataKey, auditKey }: VaultKeys): void {
  dataKey[Symbol.dispose]()
  auditKey[Symbol.dispose]()
}
