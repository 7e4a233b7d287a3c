import type { Run } from '../../contract/develop/runs.ts'
import type { StandIn } from '../../edge/protocol/snapshot.ts'
import type { HttpsNeeds } from '../https/needs.ts'

export interface DevelopNeeds extends HttpsNeeds {
  /** Development servers whose calls are open, by domain. */
  liveRuns: Map<string, Run>
  /** Pages in the place of servers that do not listen, by domain. */
  standIns: Map<string, StandIn>
}
