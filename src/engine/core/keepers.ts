import type { PortConflict } from '../../contract/engine/fixed-ports.ts'
import type { Renewed } from '../../contract/issuing/renewal.ts'
import type { Stapling } from '../../contract/issuing/stapling.ts'
import type { Staple } from '../../edge/protocol/snapshot.ts'

export interface RenewOptions {
  acceptWorse?: boolean
  signal?: AbortSignal | undefined
}

export interface RenewalScheduler {
  /** Renews all that is due; resolves when every attempt has ended. */
  look(): Promise<void>
  /** Renews one certificate; concurrent calls share the result. */
  renew(id: string, options?: RenewOptions): Promise<Renewed>
  /** A handshake for the domain awaits a fresh certificate. */
  freshen(domain: string): void
  close(): void
}

/** Provides OCSP responses for the edge to staple. */
export interface StapleKeeper {
  /** Checks these domains again: whether they have a certificate, and whether it is to be stapled. */
  follow(domains: Iterable<string>): void
  /** Queries all responders that are due and drops stale responses. Resolves when every query has ended. */
  look(): Promise<void>
  /** Current OCSP staples by the SHA-256 of the leaf in hex. */
  staples(): Record<string, Staple>
  state(certificateId: string): Stapling | null
  close(): void
}

/** Watches the fixed ports that are configured in other programs, while the engine serves. */
export interface PortWatch {
  conflicts(): PortConflict[]
  /** Reopens a port that is free again, and logs each conflict once. Never throws. */
  look(): Promise<void>
  close(): void
}

/** PAC file on disk, for browsers that read one. */
export interface PacFile {
  /** `file:` URL; null without a fixed proxy port or while this engine does not serve. */
  url(): string | null
  /** Marks domains as changed; the file is written within a second. */
  follow(domains: Iterable<string>): void
  /** Writes the current file, or removes it without a fixed proxy port. */
  write(): void
  close(): void
}
