import type { Plans } from '../changes/changes.ts'
import type { IssuingNeeds } from '../local-authority/needs.ts'
import type { TrafficNeeds } from '../traffic/traffic.ts'
import type { TemporaryNames } from './temporary-names.ts'

export interface TrustNeeds extends IssuingNeeds, TrafficNeeds {
  /** Shown plans that may be applied. */
  plans: Plans
  /** Temporary names that the edge serves for a probe, besides the vault's. */
  temporaryNames: TemporaryNames
}
