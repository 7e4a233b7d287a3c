import type { Run } from '../../contract/develop/runs.ts'
import type { HttpsNeeds } from '../https/needs.ts'

export interface DevelopNeeds extends HttpsNeeds {
  /** Development servers whose calls are open, by domain. */
  liveRuns: Map<string, Run>
}
