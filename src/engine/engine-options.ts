import type { EdgeForThisRun } from '../contract/edge-settings.ts'
import type { Log } from './core/log.ts'
import type { Allowance } from './network-guard/guard.ts'
import type { CaaLookup } from './acme/client/caa.ts'
import type { NameServers } from './acme/client/name-servers.ts'
import type { TxtLookup } from './acme/client/txt-lookup.ts'
import type { EngineParts } from './parts.ts'
import type { KeyProtector } from './vault/vault.ts'

export interface EdgeOptions extends EdgeForThisRun {
  workerEntry: string
}

export interface EngineOptions {
  folder: string
  edge: EdgeOptions | null
  log: Log
  clock?: () => Date
  /** Evidence of the time beside the clock; absent: the build and the files in `folder`. */
  fileEvidence?: EngineParts['fileEvidence'] | undefined
  /** Absent: `uptimeMs` of this computer. */
  uptime?: (() => number) | undefined
  /** What may keep the key of the vault; absent: what this system has. */
  protectors?: KeyProtector[]
  /** Called when this engine has given its vault up and is of no use any more. */
  ended?: () => void
  /** Scopes of the OCSP responders that are asked; absent: public addresses. */
  responderAllowance?: Allowance | undefined
  /** Nothing can be written to `folder`: as `VaultOptions.readOnly`. */
  readOnly?: boolean | undefined
  /** Who tells CAA records; absent: this system's resolver. */
  lookupCaa?: CaaLookup
  /** Who tells TXT records; absent: this system's resolver. */
  lookupTxt?: TxtLookup | undefined
  /** Who finds and asks the name servers of a zone; absent: by this system's resolver, at port 53. */
  nameServers?: NameServers | undefined
}
