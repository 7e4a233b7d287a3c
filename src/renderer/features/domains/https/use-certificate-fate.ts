import type { CertificateSummary, Domain } from '../../../../contract/domains.ts'
import { fateAfterRelease } from '../../../../contract/rules/certificate-fate.ts'
import { useCertificates, useDomains } from '../../../engine/engine-context.tsx'

/** What ending HTTPS for `domain` does to the certificates that it holds. */
export function useCertificateFate(domain: Domain): {
  erased: CertificateSummary[]
  left: CertificateSummary[]
} {
  const certificates = useCertificates((state) => state.items)
  const domains = useDomains((state) => state.items)
  return fateAfterRelease(domain, { certificates, domains })
}
