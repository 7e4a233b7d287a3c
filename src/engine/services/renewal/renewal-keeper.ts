import type { Renewed } from '../../../contract/renewal.ts'

export interface RenewOptions {
  acceptWorse?: boolean
  signal?: AbortSignal | undefined
}

/** Renews what is due. */
export interface RenewalKeeper {
  /** Looks for what is due, and resolves when all of that was tried. */
  look(): Promise<void>
  /** Renews one; whoever asks while that goes on gets the same answer. */
  renew(id: string, options?: RenewOptions): Promise<Renewed>
  /** A handshake for the domain waits for a fresh certificate. */
  freshen(domain: string): void
  close(): void
}
