import type { ServerReport, TargetServer } from '../../contract/targets/targets.ts'
import type { IssuingParts } from '../local-authority/generations.ts'
import { type Host, HostFault } from './hosts/host.ts'
import type { SiteCertificate } from './release.ts'
import type { ServerSetup } from './site/server-setup.ts'
import type { Site } from './site/site.ts'
import type { Watch } from './steps.ts'

export interface Publication {
  parts: IssuingParts
  host: Host
  setup: ServerSetup
  sites: Site[]
  /** Record of the last publication. */
  server: TargetServer
  dryRun: boolean
  watch: Watch
  /** Time for a proof: old processes of a server answer for a moment after a reload. */
  proofMs: number
}

export interface Outcome {
  report: ServerReport
  /** Record of the server from now on. */
  server: TargetServer
  /** Takes the publication back; null where there is none. */
  undo: (() => Promise<Outcome>) | null
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
