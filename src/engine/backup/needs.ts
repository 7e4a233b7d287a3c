import type { EndReason } from '../core/end-reason.ts'
import type { CustodyNeeds } from '../custody/needs.ts'
import type { KeyProtector } from '../vault/vault.ts'

export interface BackupNeeds extends CustodyNeeds {
  /** Protectors for a vault's key; absent: those of this system. */
  protectors: KeyProtector[] | undefined
  /** Called when this engine has closed its vault for good. */
  ended: (reason: EndReason) => void
}
