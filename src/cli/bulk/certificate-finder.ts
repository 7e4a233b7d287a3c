import { asEdgekeepError, type Client } from '../../client/client.ts'
import type { CertificateSummary } from '../../contract/domains/domains.ts'
import type { EdgekeepError } from '../../contract/errors/registry.ts'

/** Finds certificates by reference, each once; an error for one that is unknown or ambiguous. */
export function certificateFinder(
  client: Client,
  all: readonly CertificateSummary[],
): (reference: string) => Promise<CertificateSummary | EdgekeepError> {
  const known = new Map<string, CertificateSummary | EdgekeepError>()
  for (const certificate of all) known.set(certificate.name, certificate)
  return async (reference) => {
    const found =
      known.get(reference) ?? (await client.certificates.find({ reference }).catch(asEdgekeepError))
    known.set(reference, found)
    return found
  }
}
