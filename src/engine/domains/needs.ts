import type { Outage } from '../../contract/domains/domains.ts'
import type { PortConflict } from '../../contract/engine/fixed-ports.ts'
import type { OriginState } from '../../contract/domains/origins.ts'
import type { FoundAt } from '../../edge/protocol/worker-protocol.ts'
import type { CertificateNeeds } from '../certificates/needs.ts'

export interface DomainNeeds extends CertificateNeeds {
  /** Domains with HTTPS on whose key the edge lacks; changed in place. */
  outages: Map<string, Outage>
  /** States of the origins of domains with several, as last reported by the edge. */
  originStates: Map<string, OriginState[]>
  findings: { add(found: readonly FoundAt[]): void; clear(domain: string): void }
  metering: {
    /** Leaves requests of Edgekeep itself out of the usage. */
    exempt(domain: string, requests: number): void
  }
  /** Null where this engine does not serve. */
  portWatch: { conflicts(): PortConflict[] } | null
}
