import type { Domain } from '../../../../contract/domains.ts'
import { useClient } from '../../../engine/engine-context.tsx'
import { useCertificateFate } from './use-certificate-fate.ts'

/** Keeps in the vault what ending HTTPS for `domain` would erase; to be called before that. */
export function useKeepCertificates(domain: Domain): () => Promise<void> {
  const client = useClient()
  const { erased } = useCertificateFate(domain)
  return async () => {
    for (const { id } of erased) await client.certificates.setKept({ id, kept: true })
  }
}
