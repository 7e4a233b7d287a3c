import type { Run } from '../../contract/develop/runs.ts'
import type { StandIn } from '../../edge/protocol/snapshot.ts'
import type { HttpsNeeds } from '../https/needs.ts'
import type { TemporaryNames } from '../trust/temporary-names.ts'

/** A run with the exit status of its server; null while that is not known. */
export type LiveRun = Run & { status: number | null }

export interface DevelopNeeds extends HttpsNeeds {
  /** Development servers whose calls are open, by domain. */
  liveRuns: Map<string, LiveRun>
  /** Pages in the place of servers that do not listen, by domain. */
  standIns: Map<string, StandIn>
  /** Servers whose name answers a page, by domain. */
  endedRuns: Map<string, LiveRun>
  /** Names of no domain that were asked for and answer a page, with the time of that (`performance.now()`). */
  unknownNames: Map<string, number>
  temporaryNames: TemporaryNames
}
