import { posix } from 'node:path'
import { setImmediate as others } from 'node:timers/promises'
import { EdgekeepError } from '../../contract/errors/registry.ts'
import { leafDays } from '../../pki/issue/issue.ts'
import { withOrderedChain } from '../acme/client/order-certificate.ts'
import { ariIdOf } from '../acme/client/renewal-info.ts'
import { signAllLocally } from '../local-authority/local-authority.ts'
import { type CertificateSource, certificateSourceOf } from './certificate-source.ts'
import { keyModeOf } from './kinds/kinds.ts'
import type { Certificates, Publication } from './publication.ts'
import type { SiteCertificate } from './release.ts'
import { keyFileOf, type Requested, requestsOf } from './requests-at-server.ts'
import type { Site } from './site/site.ts'
import type { Progress } from './steps.ts'

const dayMs = 86_400_000

/** Keys of one command: its arguments have a limit, and so has its time. */
const mostKeysAtOnce = 50
/** Certificates of one transaction: few enough for other calls to run. */
const mostSignedAtOnce = 20

interface Making {
  /** Name of the release. */
  release: string
  /** Certificates of the present release. */
  there: Certificates
  progress: Progress
}

/**
 * New certificates of sites. Those that are no upload have keys that are generated at the server, by the server's own
 * `openssl`, and stay there: requests cross one way and certificates the other.
 * @throws `HostFault`, `request.refused`, and as `signAllLocally` and `withOrderedChain`
 */
export async function newCertificates(
  publication: Publication,
  sites: readonly Site[],
  making: Making,
): Promise<Certificates> {
  const { parts, upload } = publication
  const { uploaded = [], ...rest } = Object.groupBy(sites, ({ name }) =>
    upload?.domains.has(name) ? 'uploaded' : certificateSourceOf(parts, name).by,
  )
  const made: Certificates = new Map()
  const add = (name: string, certificate: SiteCertificate) => {
    made.set(name, certificate)
    making.progress(made.size, sites.length)
  }
  for (const site of uploaded) add(site.name, await placeUpload(publication, site, making))
  await signHere(publication, rest.local ?? [], { ...making, add })
  await orderByAcme(publication, rest.acme ?? [], { ...making, add })
  return made
}

/**
 * Refuses sites whose certificate is uploaded, here or at the server, without the files.
 * @throws `publish.needs_files`
 */
export function requireFiles({ parts, target, sites, upload }: Publication, staying: Certificates): void {
  for (const { name: domain } of sites)
    if (
      !staying.has(domain) &&
      !upload?.domains.has(domain) &&
      certificateSourceOf(parts, domain).by === 'files'
    )
      throw new EdgekeepError('publish.needs_files', { domain, target })
}

type Adding = Making & { add: (name: string, certificate: SiteCertificate) => void }

async function placeUpload(
  { host, setup, upload }: Publication,
  site: Site,
  { release }: Making,
): Promise<SiteCertificate> {
  if (!upload) throw new TypeError('An uploaded site has an upload')
  const { chainPem, keyPem } = upload.material
  const keyFile = keyFileOf(site, release)
  await host.writeKey(posix.join(setup.keys, keyFile), keyPem.bytes, keyModeOf(setup))
  return { chainPem, keyFile, by: 'files' }
}

async function signHere(
  publication: Publication,
  sites: readonly Site[],
  { release, add }: Adding,
): Promise<void> {
  for (const some of inParts(sites, mostKeysAtOnce)) {
    const requested = await requestsOf(publication, some, { release, keyKind: 'p256' })
    for (const each of inParts(requested, mostSignedAtOnce)) {
      const chains = await signAllLocally(publication.parts, each.map(leafFor), { source: 'request' })
      for (const [at, { site, keyFile }] of each.entries())
        add(site.name, { chainPem: chains[at] ?? '', keyFile, by: 'local' })
      await others()
    }
  }
}

function leafFor({ names, publicKey }: Requested) {
  return { names, usage: 'server' as const, publicKey, lifeMs: leafDays * dayMs }
}

function* inParts<T>(items: readonly T[], size: number): Generator<T[]> {
  for (let at = 0; at < items.length; at += size) yield items.slice(at, at + size)
}

/** Orders one certificate after the other, also beside other servers: they have certificates of the same names. */
async function orderByAcme(
  publication: Publication,
  sites: readonly Site[],
  { release, there, add }: Adding,
): Promise<void> {
  const { parts } = publication
  for (const site of sites) {
    const source = certificateSourceOf(parts, site.name)
    if (source.by !== 'acme') throw new TypeError('Sites are grouped by their source')
    const [requested] = await requestsOf(publication, [site], { release, keyKind: source.wish.keyType })
    if (!requested) throw new TypeError('A request was made for each site')
    const chainPem = await parts.ordering(() => ordered(publication, requested, source, there.get(site.name)))
    add(site.name, { chainPem, keyFile: requested.keyFile, by: 'acme' })
  }
}

/** HTTP-01 challenges are answered by the servers, since the name leads to them. */
const answeredThere = { present: async () => undefined, withdraw: async () => undefined }

/** Names the certificate that it replaces, which authorities exempt from their rate limits (RFC 9773, section 5). */
function ordered(
  { parts, watch }: Publication,
  { site, publicKey, csr }: Requested,
  { account, wish }: Extract<CertificateSource, { by: 'acme' }>,
  replaced: SiteCertificate | undefined,
): Promise<string> {
  const order = {
    account,
    names: [site.name],
    wish,
    replaces: replaced?.by === 'acme' ? ariIdOf(replaced.chainPem) : null,
    onState: () => undefined,
    signal: watch.signal,
    answerer: wish.challenge === 'http-01' ? answeredThere : undefined,
  }
  return withOrderedChain(parts, order, { publicKey, csr: () => csr }, async ({ chainPem }) => chainPem)
}
