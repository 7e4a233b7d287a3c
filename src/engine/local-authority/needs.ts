import type { CertificateNeeds } from '../certificates/needs.ts'
import type { Actor } from '../core/core.ts'
import type { IssuingParts } from './generations.ts'
import type { Publication } from './publication.ts'

export interface IssuingNeeds extends CertificateNeeds, IssuingParts {
  actor: Actor
  /** Service for the local authority's CRL and OCSP responses. */
  publication: Publication
}
