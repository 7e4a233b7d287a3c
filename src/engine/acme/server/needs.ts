import type { Core } from '../../core/core.ts'
import type { AcmeService } from './acme-service.ts'

export interface AcmeServerNeeds extends Core {
  /** Local authority as an ACME server for other programs of this computer. */
  acmeServer: AcmeService
}
