import type { Core } from '../../core/core.ts'
import type { AcmeKeeper } from './keeper.ts'

export interface AcmeServerNeeds extends Core {
  /** Local authority as an ACME server for other programs of this computer. */
  acmeServer: AcmeKeeper
}
