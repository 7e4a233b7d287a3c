import type { Outage } from '../../contract/domains/domains.ts'
import type { RevocationService } from '../../contract/local-authority/local-certificates.ts'
import type { PublishedAddress, ShownChallenges, StandIn, Staple } from '../../edge/protocol/snapshot.ts'
import type { Core } from '../core/core.ts'
import type { Allowance } from '../network-guard/guard.ts'
import type { TemporaryNames } from '../trust/temporary-names.ts'

export interface StaplingNeeds extends Core {
  responderAllowance: Allowance
  /** The local authority's own responder. */
  publication: { state(): RevocationService }
}

export interface ServingNeeds extends Core {
  /** OCSP staples by the SHA-256 of the leaf in hex; null without an edge. */
  stapling: { staples(): Record<string, Staple> } | null
  /** Domains that other devices reach, by address of this computer. */
  published: Map<string, Pick<PublishedAddress, 'absence'> & { domains: Set<string> }>
  challenges: { shown(): ShownChallenges }
  temporaryNames: TemporaryNames
  /** Domains with HTTPS on whose key the edge lacks; changed in place. */
  outages: Map<string, Outage>
  /** Pages in the place of origins, by domain. */
  standIns: Map<string, StandIn>
}
