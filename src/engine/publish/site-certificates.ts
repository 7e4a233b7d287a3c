import { posix } from 'node:path'
import type { PublishedCertificate } from '../../contract/targets/targets.ts'
import { certificateInPem } from '../../pki/facts/certificate.ts'
import { leafDays } from '../../pki/issue/issue.ts'
import { askedBy } from '../../pki/issue/asked-by-request.ts'
import { signLocally } from '../local-authority/local-authority.ts'
import type { IssuingParts } from '../local-authority/generations.ts'
import { scanPem } from '../../pki/asn1/pem.ts'
import { type Host, HostFault, reasonIn } from './hosts/host.ts'
import { kindOf } from './kinds/kinds.ts'
import { certificateFile } from './site/release-paths.ts'
import type { SiteCertificate } from './release.ts'
import type { ServerSetup } from './site/server-setup.ts'
import type { Site } from './site/site.ts'

const dayMs = 86_400_000

/** Whether a certificate is in the last third of its life, or not valid yet. */
export function isDue({ notBefore, notAfter }: PublishedCertificate, at: Date): boolean {
  const [from, to] = [Date.parse(notBefore), Date.parse(notAfter)]
  return at.getTime() < from || at.getTime() > to - (to - from) / 3
}

/** Certificate of a site in a release; null where it is not the published one, or its key is gone. */
export async function presentCertificate(
  host: Host,
  folder: string,
  { site, setup, published }: { site: Site; setup: ServerSetup; published: PublishedCertificate },
): Promise<SiteCertificate | null> {
  const file = posix.join(folder, certificateFile(site))
  const chainPem = (await host.read(file))?.toString('latin1')
  const key = await host.linkTarget(`${file}.key`)
  if (chainPem === undefined || key === null) return null
  const keyFile = posix.basename(key)
  const isThere = (await host.list(setup.keys)).includes(keyFile)
  return isThere && fingerprintOf(chainPem) === published.fingerprintSha256 ? { chainPem, keyFile } : null
}

/** Null for a file that is no certificate any more. */
function fingerprintOf(chainPem: string): string | null {
  try {
    return certificateInPem(chainPem).facts.fingerprintSha256
  } catch {
    return null
  }
}

/**
 * New certificate of a site. Its key is generated at the server, by the server's own `openssl`, and stays there: the
 * request crosses one way and the certificate the other.
 * @throws `HostFault`, `request.refused`, and as `signLocally`
 */
export async function newCertificate(
  parts: IssuingParts,
  host: Host,
  { site, setup, release }: { site: Site; setup: ServerSetup; release: string },
): Promise<SiteCertificate> {
  const keyFile = `${site.stem}-${release}.key`
  const keyPath = posix.join(setup.keys, keyFile)
  const { status, output } = await host.run([
    ...['openssl', 'req', '-new', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'],
    ...['-keyout', keyPath, '-subj', '/', '-addext', `subjectAltName=DNS:${site.name}`],
  ])
  const request = status === 0 ? requestIn(output) : undefined
  if (!request) throw new HostFault(`openssl made no key and request there: ${reasonIn(output)}`)
  await host.setMode(keyPath, kindOf(setup).keyMode)
  const { publicKey, names } = askedBy(request)
  const asked = [...names.dns, ...names.ip, ...names.email]
  if (asked.length !== 1 || asked[0] !== site.name)
    throw new HostFault(`The request from there is for other names than ${site.name}.`)
  const leaf = { names, usage: 'server' as const, publicKey, lifeMs: leafDays * dayMs }
  return { chainPem: await signLocally(parts, leaf, { source: 'request' }), keyFile }
}

function requestIn(output: string): Uint8Array | undefined {
  const { blocks } = scanPem(Buffer.from(output, 'latin1'), 'request')
  return blocks.find(({ label }) => label === 'CERTIFICATE REQUEST')?.bytes
}

export function publishedFacts(site: Site, { chainPem }: SiteCertificate): PublishedCertificate {
  const { fingerprintSha256, notBefore, notAfter } = certificateInPem(chainPem).facts
  return { domain: site.name, fingerprintSha256, notBefore, notAfter }
}
