import type { AcmeClientNeeds } from '../acme/client/needs.ts'
import type { IssuingNeeds } from '../local-authority/needs.ts'

export interface RenewalNeeds extends AcmeClientNeeds, IssuingNeeds {
  /** Time until which an authority without ARI is not queried again, by certificate. */
  ariAskedAt: Map<string, string>
}
