import type { EdgeSettings } from '../contract/edge-settings.ts'
import type { Log } from './log.ts'
import type { CaaLookup } from './services/acme/caa.ts'
import type { NameServers } from './services/acme/name-servers.ts'
import type { TxtLookup } from './services/acme/txt-lookup.ts'
import type { KeyProtector } from './vault/vault.ts'

export interface EdgeOptions {
  workerEntry: string
  /** For this run; absent: what the vault keeps. */
  httpsPort?: number | undefined
  httpPort?: number | undefined
  /** Where the engine listened that this one takes the place of; absent: nowhere. */
  samePorts?: { https: number; http: number } | undefined
  /** What to do where a port is taken: `fail`, or take the `next` free one and say so. */
  portTaken: 'fail' | 'next'
  /** How many processes serve, for this run; absent: what the vault keeps. */
  workers?: EdgeSettings['workers'] | undefined
  /** Where whoever starts this engine is to serve its numbers, for this run; absent: what the vault keeps. */
  metricsPort?: number | undefined
}

export interface EngineOptions {
  folder: string
  edge: EdgeOptions | null
  log: Log
  clock?: () => Date
  /** What may keep the key of the vault; absent: what this system has. */
  protectors?: KeyProtector[]
  /** Called when this engine has given its vault up and is of no use any more. */
  ended?: () => void
  /** Who tells CAA records; absent: this system's resolver. */
  lookupCaa?: CaaLookup
  /** Who tells TXT records; absent: this system's resolver. */
  lookupTxt?: TxtLookup | undefined
  /** Who finds and asks the name servers of a zone; absent: by this system's resolver, at port 53. */
  nameServers?: NameServers | undefined
}
