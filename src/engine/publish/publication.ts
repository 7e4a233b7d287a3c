import type { ServerReport, TargetServer } from '../../contract/targets/targets.ts'
import { type Host, HostFault } from './hosts/host.ts'
import type { ServableMaterial } from '../../pki/intake/intake.ts'
import type { PublishNeeds } from './needs.ts'
import type { SiteCertificate } from './release.ts'
import type { ServerSetup } from './site/server-setup.ts'
import type { Site } from './site/site.ts'
import type { Watch } from './steps.ts'

export interface Publication {
  parts: PublishNeeds
  /** Name of the target. */
  target: string
  host: Host
  setup: ServerSetup
  sites: Site[]
  /** Record of the last publication. */
  server: TargetServer
  dryRun: boolean
  watch: Watch
  /** Time for a proof: old processes of a server answer for a moment after a reload. */
  proofMs: number
  /**
   * Thumbprints of ACME accounts by domain, for a release whose servers answer their HTTP-01 challenges; it has
   * the certificates that are there already. Absent: the release that is meant.
   */
  answers?: ReadonlyMap<string, string>
  upload?: PublishedUpload
}

/** Certificate and key that a person uploaded for domains and their servers. */
export interface PublishedUpload {
  domains: ReadonlySet<string>
  material: ServableMaterial
  /** Puts it into the vault and in use at the edge for all domains or none, at the first call. */
  store: () => Promise<void>
}

export interface Outcome {
  report: ServerReport
  /** Record of the server from now on. */
  server: TargetServer
  /** Takes the publication back; null where there is none. */
  undo: (() => Promise<Outcome>) | null
  /** Removes old releases, once the whole fleet has the new one: a rollback may need them until then. */
  prune?: () => Promise<void>
}

/** Certificates of the published sites, by their names. */
export type Certificates = Map<string, SiteCertificate>

/** The server may be away by now; the next publication cleans up too. */
export async function ignoringFaults(act: () => Promise<void>): Promise<void> {
  try {
    await act()
  } catch (error) {
    if (!(error instanceof HostFault)) throw error
  }
}
