import type { EdgeForThisRun } from '../contract/engine/edge-settings.ts'
import type { EndReason } from './core/end-reason.ts'
import type { Log } from './core/log.ts'
import type { Allowance } from './network-guard/guard.ts'
import type { CaaLookup } from './acme/client/caa.ts'
import type { NameServers } from './acme/client/name-servers.ts'
import type { TxtLookup } from './acme/client/txt-lookup.ts'
import type { IssuingParts } from './local-authority/generations.ts'
import type { KeyProtector } from './vault/vault.ts'

export interface EdgeOptions extends EdgeForThisRun {
  workerEntry: string
  /** Script of the command line, for the page for devices. */
  commandEntry?: string
}

export interface EngineOptions {
  folder: string
  edge: EdgeOptions | null
  log: Log
  clock?: () => Date
  /** Evidence of the time beside the clock; absent: the build and the files in `folder`. */
  fileEvidence?: IssuingParts['fileEvidence']
  /** Absent: `uptimeMs` of this computer. */
  uptime?: (() => number) | undefined
  /** Protectors for the vault's key; absent: those of this system. */
  protectors?: KeyProtector[]
  /** Called when this engine has to end. */
  ended?: (reason: EndReason) => void
  /** Scopes of the OCSP responders that may be queried; absent: public addresses. */
  responderAllowance?: Allowance
  /** `folder` is not writable: as `VaultOptions.readOnly`. */
  readOnly?: boolean
  /** Resolver for CAA records; absent: this system's. */
  lookupCaa?: CaaLookup
  /** Resolver for TXT records; absent: this system's. */
  lookupTxt?: TxtLookup
  /** Finder and client of a zone's name servers; absent: this system's resolver, and port 53. */
  nameServers?: NameServers
}
