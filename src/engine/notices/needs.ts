import type { CertificateNeeds } from '../certificates/needs.ts'
import type { TrustNeeds } from '../trust/needs.ts'

export interface NoticesNeeds extends CertificateNeeds, TrustNeeds {}
