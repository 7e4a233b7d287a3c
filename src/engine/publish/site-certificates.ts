import { hash } from 'node:crypto'
import { posix } from 'node:path'
import { setImmediate as others } from 'node:timers/promises'
import type { PublishedCertificate } from '../../contract/targets/targets.ts'
import { scanPem } from '../../pki/asn1/pem.ts'
import { certificateInPem, chainFromPem } from '../../pki/facts/certificate.ts'
import { askedBy } from '../../pki/issue/asked-by-request.ts'
import { leafDays } from '../../pki/issue/issue.ts'
import { type LeafRequest, signAllLocally } from '../local-authority/local-authority.ts'
import { HostFault, reasonIn } from './hosts/host.ts'
import { kindOf } from './kinds/kinds.ts'
import type { Certificates, Publication } from './publication.ts'
import type { Release, SiteCertificate } from './release.ts'
import { certificateFile } from './site/release-paths.ts'
import type { Site } from './site/site.ts'
import type { Progress } from './steps.ts'

const dayMs = 86_400_000

/** Keys of one command: its arguments have a limit, and so has its time. */
const mostKeysAtOnce = 100
/** Certificates of one transaction: few enough for other calls to run. */
const mostSignedAtOnce = 20

/** Whether a certificate is in the last third of its life, or not valid yet. */
function isDue({ notBefore, notAfter }: PublishedCertificate, at: Date): boolean {
  const [from, to] = [Date.parse(notBefore), Date.parse(notAfter)]
  return at.getTime() < from || at.getTime() > to - (to - from) / 3
}

/** Certificates of a release that are the published ones, are not due, and have their keys. */
export async function presentCertificates(
  { parts, host, setup, sites, server }: Publication,
  { files, links }: Release,
): Promise<Certificates> {
  const keys = new Set(await host.list(setup.keys))
  const published = new Map(server.certificates.map((each) => [each.domain, each]))
  const staying: Certificates = new Map()
  for (const site of sites) {
    const record = published.get(site.name)
    const chainPem = files.get(certificateFile(site))
    const keyFile = posix.basename(links.get(`${certificateFile(site)}.key`) ?? '')
    if (!record || chainPem === undefined || isDue(record, parts.clock()) || !keys.has(keyFile)) continue
    if (fingerprintOf(chainPem) === record.fingerprintSha256) staying.set(site.name, { chainPem, keyFile })
  }
  return staying
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

/**
 * New certificates of sites. Their keys are generated at the server, by the server's own `openssl`, and stay there:
 * requests cross one way and certificates the other.
 * @throws `HostFault`, `request.refused`, and as `signAllLocally`
 */
export async function newCertificates(
  publication: Publication,
  sites: readonly Site[],
  release: string,
  progress: Progress,
): Promise<Certificates> {
  const certificates: Certificates = new Map()
  for (const some of inParts(sites, mostKeysAtOnce)) {
    const requested = await requestsOf(publication, some, release)
    for (const each of inParts(requested, mostSignedAtOnce)) {
      const chains = await signAllLocally(publication.parts, each, { source: 'request' })
      for (const [at, { site, keyFile }] of each.entries())
        certificates.set(site.name, { chainPem: chains[at] ?? '', keyFile })
      await others()
      progress(certificates.size, sites.length)
    }
  }
  return certificates
}

function* inParts<T>(items: readonly T[], size: number): Generator<T[]> {
  for (let at = 0; at < items.length; at += size) yield items.slice(at, at + size)
}

type Requested = LeafRequest & { site: Site; keyFile: string }

/** Makes a key and its request for each site, by one command. */
async function requestsOf(
  { host, setup }: Publication,
  sites: readonly Site[],
  release: string,
): Promise<Requested[]> {
  const keyFileOf = ({ stem }: Site) => `${stem}-${release}.key`
  const keyMode = kindOf(setup).keyMode.toString(8)
  const pairs = sites.flatMap((site) => [posix.join(setup.keys, keyFileOf(site)), site.name])
  const { status, output } = await host.run(['sh', '-c', keyScript, 'sh', keyMode, ...pairs])
  const requests = status === 0 ? requestsIn(output) : []
  if (requests.length !== sites.length)
    throw new HostFault(`openssl made no key and request there: ${reasonIn(output)}`)
  return sites.map((site, at) => ({
    site,
    keyFile: keyFileOf(site),
    ...leafFor(site, requests[at] ?? new Uint8Array()),
  }))
}

/** Pairs of a key's path and a name follow the mode of the keys. The complaints of `openssl` stand before a request. */
const keyScript = `mode=$1; shift
while [ $# -gt 0 ]; do
  openssl req -new -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes \\
    -keyout "$1" -subj / -addext "subjectAltName=DNS:$2" 2>&1 || exit
  chmod "$mode" "$1" || exit
  shift 2
done`

function requestsIn(output: string): Uint8Array[] {
  const { blocks } = scanPem(Buffer.from(output, 'latin1'), 'request')
  return blocks.flatMap(({ label, bytes }) => (label === 'CERTIFICATE REQUEST' ? [bytes] : []))
}

function leafFor(site: Site, request: Uint8Array): LeafRequest {
  const { publicKey, names } = askedBy(request)
  const asked = [...names.dns, ...names.ip, ...names.email]
  if (asked.length !== 1 || asked[0] !== site.name)
    throw new HostFault(`The request from there is for other names than ${site.name}.`)
  return { names, usage: 'server', publicKey, lifeMs: leafDays * dayMs }
}

export function publishedFacts(domain: string, { chainPem }: SiteCertificate): PublishedCertificate {
  const { fingerprintSha256, notBefore, notAfter } = certificateInPem(chainPem).facts
  return { domain, fingerprintSha256, notBefore, notAfter }
}
