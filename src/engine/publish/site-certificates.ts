import { hash } from 'node:crypto'
import { posix } from 'node:path'
import type { PublishedCertificate, TargetServer } from '../../contract/targets/targets.ts'
import { validityAt } from '../../domain/validity.ts'
import { certificateInPem, chainFromPem } from '../../pki/facts/certificate.ts'
import { ariIdOf } from '../acme/client/renewal-info.ts'
import { earliestAgain, renewalMoment } from '../renewal-schedule/renewal-times.ts'
import { certificateSourceOf } from './certificate-source.ts'
import type { Certificates, Publication } from './publication.ts'
import type { Release, SiteCertificate } from './release.ts'
import { certificateFile } from './site/release-paths.ts'

/**
 * Whether to renew a certificate. A person alone has another one in the place of an upload, and an authority none that
 * is valid earlier than the one that it issued; only the local authority goes by this clock.
 */
export function isDue(published: PublishedCertificate, at: Date): boolean {
  if (published.by === 'files') return false
  if (validityAt(published, at) === 'not-yet-valid') return published.by === 'local'
  const { window, notBefore } = published
  if (window && earliestAgain(notBefore, published, window) > at) return false
  return renewalMoment(published.fingerprintSha256, published, window) <= at
}

/** Whether a server has a certificate for a domain that stays in use: neither due nor from another source. */
export function hasCertificate(
  { parts, upload }: Pick<Publication, 'parts' | 'upload'>,
  published: PublishedCertificate | undefined,
): boolean {
  if (!published) return false
  if (upload?.domains.has(published.domain))
    return published.by === 'files' && published.fingerprintSha256 === upload.material.leaf.fingerprintSha256
  if (published.by !== certificateSourceOf(parts, published.domain).by) return false
  return !isDue(published, parts.clock())
}

export function certificatesByDomain({ certificates }: TargetServer): Map<string, PublishedCertificate> {
  return new Map(certificates.map((each) => [each.domain, each]))
}

/** Certificates of a release that are the published ones, and have their keys. */
export async function presentCertificates(
  { host, setup, sites, server }: Publication,
  { files, links }: Release,
): Promise<Certificates> {
  const keys = new Set(await host.list(setup.keys))
  const published = certificatesByDomain(server)
  const present: Certificates = new Map()
  for (const site of sites) {
    const record = published.get(site.name)
    const chainPem = files.get(certificateFile(site))
    const keyFile = posix.basename(links.get(`${certificateFile(site)}.key`) ?? '')
    if (!record || chainPem === undefined || !keys.has(keyFile)) continue
    if (fingerprintOf(chainPem) === record.fingerprintSha256)
      present.set(site.name, { chainPem, keyFile, by: record.by })
  }
  return present
}

/** Null for a file that is no certificate any more. */
function fingerprintOf(chainPem: string): string | null {
  try {
    const [leaf] = chainFromPem(chainPem)
    return leaf ? hash('sha256', leaf) : null
  } catch {
    return null
  }
}

/** Facts of a certificate; those of the `record` before, with its renewal window, if it stays. */
export function publishedFacts(
  domain: string,
  { chainPem, by }: SiteCertificate,
  record: PublishedCertificate | undefined,
): PublishedCertificate {
  const { fingerprintSha256, notBefore, notAfter } = certificateInPem(chainPem).facts
  if (record?.fingerprintSha256 === fingerprintSha256) return record
  const ariId = by === 'acme' ? ariIdOf(chainPem) : null
  return { domain, by, ariId, window: null, fingerprintSha256, notBefore, notAfter }
}
