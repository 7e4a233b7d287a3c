import type { Plans } from '../changes/plans.ts'
import type { IssuingNeeds } from '../local-authority/needs.ts'
import type { TrafficNeeds } from '../traffic/needs.ts'
import type { TemporaryNames } from './temporary-names.ts'

export interface TrustNeeds extends IssuingNeeds, TrafficNeeds {
  /** Shown plans that may be applied. */
  plans: Plans
  /** Temporary names that the edge serves for a probe, besides the vault's. */
  temporaryNames: TemporaryNames
}
