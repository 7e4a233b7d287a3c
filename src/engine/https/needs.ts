import type { AcmeClientNeeds } from '../acme/client/needs.ts'
import type { DomainNeeds } from '../domains/needs.ts'
import type { IssuingNeeds } from '../local-authority/needs.ts'

export interface HttpsNeeds extends DomainNeeds, IssuingNeeds, AcmeClientNeeds {}
