import type { Core } from '../core/core.ts'
import type { Attempts } from './attempts.ts'
import type { ConfirmationCodes } from './confirmation-codes.ts'

export interface CustodyNeeds extends Core {
  /** Limits guesses at secrets of the vault, over all callers. */
  attempts: Attempts
  codes: ConfirmationCodes
  /** Server that waits for an unlocked vault. */
  acmeServer: { followSettings(): Promise<void> }
  /** Renewals that wait for an unlocked vault; null without an edge. */
  renewal: { look(): Promise<void> } | null
}
