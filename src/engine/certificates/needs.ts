import type { Stapling } from '../../contract/issuing/stapling.ts'
import type { ServableMaterial } from '../../pki/intake/intake.ts'
import type { Core } from '../core/core.ts'

export interface CertificateNeeds extends Core {
  /** States of OCSP stapling; null without an edge. */
  stapling: { state(certificateId: string): Stapling | null } | null
}

export interface StagedUploads {
  /** Lends the servable certificate to `use`, and ends the staging once that has succeeded. */
  spend<T>(stagingId: string, use: (material: ServableMaterial) => Promise<T>): Promise<T>
}
