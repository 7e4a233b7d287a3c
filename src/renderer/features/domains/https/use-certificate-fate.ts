import type { CertificateSummary, Domain } from '../../../../contract/domains.ts'
import { fateAfterRelease, fateAfterSwap, holderOf } from '../../../../domain/certificate-fate.ts'
import { useCertificates, useDomains, useClient } from '../../../connection/engine-context.tsx'

/** What ending HTTPS for `domain` does to the certificates that it holds. */
export function useCertificateFate(domain: Domain): {
  erased: CertificateSummary[]
  left: CertificateSummary[]
} {
  const certificates = useCertificates((state) => state.items)
  const domains = useDomains((state) => state.items)
  return fateAfterRelease(domain, { certificates, domains })
}

/**
 * The certificates that are erased when `domain` gets `nextId`: null for one that is not in the vault
 * yet, undefined where it gets none.
 */
export function useErasedBySwap(domain: Domain, nextId: string | null | undefined): CertificateSummary[] {
  const certificates = useCertificates((state) => state.items)
  const domains = useDomains((state) => state.items)
  if (nextId === undefined) return []
  return fateAfterSwap([domain.name], nextId, { certificates, holders: domains.map(holderOf) }).erased
}

/** Keeps in the vault what ending HTTPS for `domain` would erase; to be called before that. */
export function useKeepCertificates(domain: Domain): () => Promise<void> {
  const client = useClient()
  const { erased } = useCertificateFate(domain)
  return async () => {
    for (const { id } of erased) await client.certificates.setKept({ id, kept: true })
  }
}
