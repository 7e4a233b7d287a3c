import type { Outage } from '../../contract/domains/domains.ts'
import type { PortConflict } from '../../contract/engine/fixed-ports.ts'
import type { Core } from '../core/core.ts'
import type { EndReason } from '../core/end-reason.ts'
import type { StartedWith } from './edge-start.ts'

export interface SettingsNeeds extends Core {
  startedAt: Date
  ended: (reason: EndReason) => void
  /** Start settings of the edge; null without one. */
  edgeStart: StartedWith | null
  /** Domains with HTTPS on whose key the edge lacks. */
  outages: Map<string, Outage>
  /** Null where this engine does not serve. */
  portWatch: { conflicts(): PortConflict[] } | null
}
