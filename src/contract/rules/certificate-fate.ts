import type { Domain } from '../domains.ts'

/** Which of the vault's certificates a domain holds: the one that it serves and the one that it could go back to. */
interface CertificateHolder {
  certificateId: string | null
  previousCertificateId: string | null
}

/**
 * What becomes of certificates that a domain lets go of. One is erased with its key unless it is kept
 * in "My certificates" or one of `holders`, the domains as they are afterwards, holds it.
 */
export function certificateFate<C extends { id: string; kept: boolean }>(
  certificates: readonly C[],
  holders: readonly CertificateHolder[],
): { erased: C[]; left: C[] } {
  const held = new Set(
    holders.flatMap(({ certificateId, previousCertificateId }) => [certificateId, previousCertificateId]),
  )
  const stays = ({ id, kept }: C) => kept || held.has(id)
  return { erased: certificates.filter((one) => !stays(one)), left: certificates.filter(stays) }
}

/** What becomes of the certificates of `domain` when it lets go of them; from the lists of all there are. */
export function fateAfterRelease<C extends { id: string; kept: boolean }>(
  domain: ListedDomain,
  lists: { certificates: readonly C[]; domains: readonly ListedDomain[] },
): { erased: C[]; left: C[] } {
  const { certificateId, previousCertificateId } = holderOf(domain)
  const released = lists.certificates.filter(({ id }) => id === certificateId || id === previousCertificateId)
  const others = lists.domains.filter(({ name }) => name !== domain.name)
  return certificateFate(released, others.map(holderOf))
}

type ListedDomain = Pick<Domain, 'name'> & {
  https: { certificate: { id: string } | null; previousCertificate: { id: string } | null }
}

function holderOf({ https }: ListedDomain): CertificateHolder {
  return {
    certificateId: https.certificate?.id ?? null,
    previousCertificateId: https.previousCertificate?.id ?? null,
  }
}
