import type { Origin } from '../../contract/origins.ts'
import type { OriginHealth } from './origin-health.ts'
import type { UpstreamTimeouts } from './upstream-target.ts'

/** One origin that requests of a domain may go to. */
export interface OriginSlot {
  origin: Origin
  timeouts: UpstreamTimeouts
  /** Null where there is no other to go to and no check. */
  health: OriginHealth | null
}

/** Where the requests below one path go. */
export interface Destination {
  /** In the order in which they are tried; one at least. */
  slots: OriginSlot[]
  /** To be taken off the path; empty for none. */
  strip: string
}
