import { createHash } from 'node:crypto'
import { posix } from 'node:path'
import { rootCertificates } from 'node:tls'
import type { PublishedCertificate } from '../../contract/targets/targets.ts'
import { type Host, isNextLink, together } from './hosts/host.ts'
import { hasKeys, kindOf } from './kinds/kinds.ts'
import { anchorsFile, certificateFile } from './site/release-paths.ts'
import type { ServerSetup } from './site/server-setup.ts'
import type { Site } from './site/site.ts'
import type { Progress } from './steps.ts'

/** Releases that stay at a server, the current one among them. */
const mostReleases = 3
/** Release without a site, made with the target. */
export const emptyRelease = '0-empty'

/** All that a release consists of, by path in it. */
export interface Release {
  files: Map<string, string>
  /** Links to private keys: their targets are relative. */
  links: Map<string, string>
}

/** Leaf and intermediates of a site, and the name of its key among those at the server. */
export interface SiteCertificate extends Pick<PublishedCertificate, 'by'> {
  chainPem: string
  keyFile: string
}

const banner = '# Written by Edgekeep, which replaces it at the next publication.'

/** @throws `publish.unwritable` */
export function configurationOf(sites: readonly Site[], setup: ServerSetup): string {
  const text = kindOf(setup).render(sites, setup)
  return `${banner}\n${text === '' ? '' : `${text}\n`}`
}

/** Digest of all that a release has of the domains, whatever certificates they have. */
export function configurationDigest(sites: readonly Site[], setup: ServerSetup): string {
  const files = configurationFiles(sites, setup)
  for (const site of sites) if (site.anchorsPem !== null) files.set(anchorsFile(site), site.anchorsPem)
  return digestOf({ files, links: new Map() })
}

function configurationFiles(sites: readonly Site[], setup: ServerSetup): Map<string, string> {
  const { file, files } = kindOf(setup)
  return new Map([[file, configurationOf(sites, setup)], ...(files?.(sites, setup) ?? [])])
}

export function releaseOf(
  sites: readonly Site[],
  certificates: ReadonlyMap<string, SiteCertificate>,
  setup: ServerSetup,
): Release {
  const files = configurationFiles(sites, setup)
  const links = new Map<string, string>()
  if (!hasKeys(setup)) return { files, links }
  for (const site of sites) {
    const certificate = certificates.get(site.name)
    if (certificate) {
      files.set(certificateFile(site), certificate.chainPem)
      links.set(`${certificateFile(site)}.key`, `../../../keys/${certificate.keyFile}`)
    } else if (!site.isPlain) throw new TypeError('A published site has a certificate')
    const { https, http } = site.origins
    if (site.verify && (https.tls || http.tls)) files.set(anchorsFile(site), site.anchorsPem ?? rootsPem())
  }
  return { files, links }
}

function rootsPem(): string {
  return `${rootCertificates.join('\n')}\n`
}

export function digestOf({ files, links }: Release): string {
  const digest = createHash('sha256')
  for (const [path, content] of [...files, ...links].toSorted(([a], [b]) => (a < b ? -1 : 1)))
    digest.update(`${path}\0${content.length}\0${content}`)
  return digest.digest('hex')
}

export async function writeRelease(
  host: Host,
  folder: string,
  { files, links }: Release,
  progress?: Progress,
): Promise<void> {
  await host.makeFolder(posix.join(folder, 'certs'))
  await together(files, ([path, content]) => host.write(posix.join(folder, path), content), progress)
  await together(links, ([path, to]) => host.link(posix.join(folder, path), to))
}

/** The release in a folder, with whatever else lies there. */
export async function readRelease(host: Host, folder: string, progress?: Progress): Promise<Release> {
  const release: Release = { files: new Map(), links: new Map() }
  const inCerts = (await host.list(posix.join(folder, 'certs'))).map((name) => `certs/${name}`)
  const top = (await host.list(folder)).filter((name) => name !== 'certs')
  await together(
    [...top, ...inCerts],
    async (path) => {
      const at = posix.join(folder, path)
      const to = await host.linkTarget(at)
      if (to === null) release.files.set(path, (await host.read(at))?.toString('utf8') ?? '')
      else release.links.set(path, to)
    },
    progress,
  )
  return release
}

/** Removes a release that is not in use, with its keys. */
export async function removeRelease(
  host: Host,
  { releases, keys }: ServerSetup,
  release: string,
): Promise<void> {
  await host.remove(posix.join(releases, release))
  const own = (await host.list(keys)).filter((key) => key.endsWith(`-${release}.key`))
  await host.remove(...own.map((key) => posix.join(keys, key)))
}

/**
 * Removes old releases but the `needed`, those in use and to go back to, keys that no release that stays refers to,
 * and links that never came into their place.
 */
export async function pruneReleases(
  host: Host,
  { folder, current, releases, keys }: ServerSetup,
  needed: readonly string[],
): Promise<void> {
  // Names begin with the time.
  const all = await host.list(releases)
  const others = all.filter((name) => !needed.includes(name))
  const staying = [...others.slice(needed.length - mostReleases), ...needed]
  const used = new Set<string>()
  for (const name of all) {
    const release = posix.join(releases, name)
    if (!staying.includes(name)) await host.remove(release)
    else for (const key of await keysOf(host, release)) used.add(key)
  }
  const unused = (await host.list(keys)).filter((key) => !used.has(key))
  const links = (await host.list(folder)).filter((name) => isNextLink(name, current))
  await host.remove(
    ...unused.map((key) => posix.join(keys, key)),
    ...links.map((name) => posix.join(folder, name)),
  )
}

async function keysOf(host: Host, folder: string): Promise<string[]> {
  const certs = posix.join(folder, 'certs')
  const links = (await host.list(certs)).filter((name) => name.endsWith('.key'))
  const targets = await together(links, (name) => host.linkTarget(posix.join(certs, name)))
  return targets.flatMap((to) => (to === null ? [] : posix.basename(to)))
}
