import type { PortConflict } from '../../contract/kept-ports.ts'
import type { Renewed } from '../../contract/renewal.ts'
import type { Stapling } from '../../contract/stapling.ts'
import type { Staple } from '../../edge/protocol/snapshot.ts'

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

/** Has the answers of OCSP responders ready for the edge. */
export interface StapleKeeper {
  /** Looks at these domains again: whether they have a certificate, and whether it is to be stapled. */
  follow(domains: Iterable<string>): void
  /** Asks whoever is due and drops what is out of date. Resolves when all of them have answered or not. */
  look(): Promise<void>
  /** What is to be sent along now, by SHA-256 of the leaf in hex. */
  staples(): Record<string, Staple>
  state(certificateId: string): Stapling | null
  close(): void
}

/** Looks after the ports that other programs were given, while the engine serves. */
export interface PortWatch {
  conflicts(): PortConflict[]
  /** Takes a port back that has become free, and logs each conflict once. Never throws. */
  look(): Promise<void>
  close(): void
}

/** The PAC file as a file, for browsers that read one from there. */
export interface PacFile {
  /** `file:` URL; null while no proxy is kept or this engine serves nothing. */
  url(): string | null
  /** Notes that domains have changed; the file follows within a second. */
  follow(domains: Iterable<string>): void
  /** Writes the file as it is to be now, or removes it where no proxy is kept. */
  write(): void
  close(): void
}
