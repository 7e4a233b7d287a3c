import type { Domain } from '../contract/domains/domains.ts'

/** Certificates of a domain: the current one and the one for a rollback. */
export interface CertificateHolder {
  certificateId: string | null
  previousCertificateId: string | null
}

/**
 * Splits released certificates by their fate. One is erased with its key unless it is kept in "My
 * certificates" or one of `holders`, the domains after the release, holds it.
 */
export function certificateFate<C extends { id: string; kept: boolean }>(
  certificates: readonly C[],
  holders: readonly CertificateHolder[],
): { erased: C[]; left: C[] } {
  const inUse = idsOf(holders)
  const stays = ({ id, kept }: C) => kept || inUse.has(id)
  return { erased: certificates.filter((one) => !stays(one)), left: certificates.filter(stays) }
}

function idsOf(holders: readonly CertificateHolder[]): Set<string | null> {
  return new Set(
    holders.flatMap(({ certificateId, previousCertificateId }) => [certificateId, previousCertificateId]),
  )
}

/** Fate of the certificates of `domains` when they release them; `lists` has all certificates and domains. */
export function fateAfterReleases<C extends { id: string; kept: boolean }>(
  domains: readonly ListedDomain[],
  lists: { certificates: readonly C[]; domains: readonly ListedDomain[] },
): { erased: C[]; left: C[] } {
  const names = new Set(domains.map(({ name }) => name))
  const ids = idsOf(domains.map(holderOf))
  const others = lists.domains.filter(({ name }) => !names.has(name))
  return certificateFate(
    lists.certificates.filter(({ id }) => ids.has(id)),
    others.map(holderOf),
  )
}

export function fateAfterRelease<C extends { id: string; kept: boolean }>(
  domain: ListedDomain,
  lists: { certificates: readonly C[]; domains: readonly ListedDomain[] },
): { erased: C[]; left: C[] } {
  return fateAfterReleases([domain], lists)
}

/** Certificates of a domain after a swap: the previous one stays, and the one before that is released. */
export function holderAfterSwap(
  { certificateId, previousCertificateId }: CertificateHolder,
  nextId: string,
): CertificateHolder {
  const previous = certificateId !== null && certificateId !== nextId ? certificateId : previousCertificateId
  return { certificateId: nextId, previousCertificateId: previous === nextId ? null : previous }
}

/**
 * Fate of the certificates of the domains in `swapped` when each of them gets `nextId`; null for a
 * certificate that is not in the vault yet. `holders` are all domains before the swap.
 */
export function fateAfterSwap<C extends { id: string; kept: boolean }>(
  swapped: readonly string[],
  nextId: string | null,
  {
    certificates,
    holders,
  }: { certificates: readonly C[]; holders: readonly (CertificateHolder & { name: string })[] },
): { erased: C[]; left: C[] } {
  const names = new Set(swapped)
  const released = idsOf(holders.filter(({ name }) => names.has(name)))
  const after = holders.map((holder) =>
    names.has(holder.name) ? holderAfterSwap(holder, nextId ?? '') : holder,
  )
  return certificateFate(
    certificates.filter(({ id }) => released.has(id)),
    after,
  )
}

type ListedDomain = Pick<Domain, 'name'> & {
  https: { certificate: { id: string } | null; previousCertificate: { id: string } | null }
}

export function holderOf({ name, https }: ListedDomain): CertificateHolder & { name: string } {
  return {
    name,
    certificateId: https.certificate?.id ?? null,
    previousCertificateId: https.previousCertificate?.id ?? null,
  }
}
