import type { LanAbsence } from '../../contract/lan/published.ts'
import type { Core } from '../core/core.ts'
import type { LanNetwork } from './lan-network.ts'

export interface PublishedDomains {
  domains: Set<string>
  /** Null for an address whose network is unknown. */
  network: LanNetwork | null
  /** Null while this computer is in that network. */
  absence: LanAbsence | null
}

export interface LanNeeds extends Core {
  /** Domains that other devices reach, by address of this computer. In memory, so that access ends with the engine. */
  published: Map<string, PublishedDomains>
  /** Script of the command line; null where this engine does not serve. */
  commandEntry: string | null
}
