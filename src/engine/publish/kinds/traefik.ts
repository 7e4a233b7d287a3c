import { posix } from 'node:path'
import type { IMiddlewareSpec } from '@kubernetes-models/traefik/traefik.io/v1alpha1/MiddlewareSpec'
import type { ITLSOptionSpec } from '@kubernetes-models/traefik/traefik.io/v1alpha1/TLSOptionSpec'
import { stringify } from 'yaml'
import { anchorsFile, certificateFile, currentPath } from '../site/release-paths.ts'
import type { ServerSetup } from '../site/server-setup.ts'
import type { Site } from '../site/site.ts'
import { goSuites } from './go-suites.ts'
import type { Kind } from './kind.ts'
import { plain } from './quoted.ts'

/**
 * Traefik 3 by its file provider, which watches a folder: it reads all of it again, with the certificates that are
 * named there, when a file in it is replaced, and not when a link on the way to it is. So the switch is followed by
 * replacing a link in that folder.
 */
export const traefik: Kind = {
  title: 'Traefik',
  programs: [],
  file: 'sites.yml',
  // Traefik may run as a user of its own; the folder has its group.
  keyMode: 0o640,
  include: (setup) => ({
    line: `providers: { file: { directory: ${watched(setup)} } }`,
    place:
      'to its own configuration, in which "websecure" is the entry point for HTTPS and "web" the one for HTTP; other files of its file provider go to that folder too',
  }),
  reads: () => ({ text: 'edgekeep/watched' }),
  test: () => null,
  reload: (setup) => ({ link: posix.join(watched(setup), 'edgekeep.yml'), to: '../current/sites.yml' }),
  render,
  refusal,
  caution: () =>
    'This was never run with Traefik itself: it follows the documentation of Traefik 3, and parts of it are checked against its schemas. Traefik has no test of its own, so only the proof from outside decides.',
}

function watched({ folder }: ServerSetup): string {
  return posix.join(folder, 'watched')
}

function refusal({ name, redirect }: Site): string | null {
  if (name.startsWith('*.')) return 'Traefik chooses TLS options by whole names, and this is a wildcard'
  if (redirect.mode !== 'none' && redirect.code !== 301 && redirect.code !== 302)
    return 'Traefik redirects with 301 or 302'
  return null
}

type Scheme = 'https' | 'http'
type Named<T = object> = [name: string, value: T]

/** Empty without a site: Traefik refuses a section with nothing in it. */
function render(sites: readonly Site[], setup: ServerSetup): string {
  if (sites.length === 0) return ''
  const ways = sites.flatMap((site) => (['https', 'http'] as const).map((scheme) => ({ site, scheme })))
  const middlewares = ways.map(({ site, scheme }) => middlewaresOf(site, scheme, setup))
  const services = ways.flatMap(({ site, scheme }) => serviceOf(site, scheme))
  const transports = sites.flatMap((site) => transportOf(site, setup))
  const configuration = {
    http: {
      routers: new Map(ways.map(({ site, scheme }, at) => routerOf(site, scheme, middlewares[at] ?? []))),
      ...section('middlewares', middlewares.flat()),
      ...section('services', services),
      ...section('serversTransports', transports),
    },
    tls: {
      certificates: sites.map((site) => certificateOf(site, setup)),
      options: new Map(sites.map(tlsOptionsOf)),
    },
  }
  return stringify(configuration, { lineWidth: 0, aliasDuplicateObjects: false }).trimEnd()
}

function section(name: string, named: Named[]) {
  return named.length > 0 && { [name]: new Map(named) }
}

function idOf({ stem }: Site, ...parts: string[]): string {
  return ['edgekeep', plain(stem), ...parts].join('-')
}

function routerOf(site: Site, scheme: Scheme, middlewares: Named[]): Named {
  const router = {
    entryPoints: [scheme === 'https' ? 'websecure' : 'web'],
    rule: `Host(\`${plain(site.name)}\`)`,
    ...(middlewares.length > 0 && { middlewares: middlewares.map(([name]) => name) }),
    service: isRedirected(site, scheme) ? 'noop@internal' : idOf(site, scheme),
    ...(scheme === 'https' && { tls: { options: idOf(site) } }),
  }
  return [idOf(site, scheme), router]
}

function isRedirected({ redirect: { mode } }: Site, scheme: Scheme): boolean {
  return mode !== 'none' && mode !== scheme
}

/** Headers come first, so that a redirect has them too. */
function middlewaresOf(site: Site, scheme: Scheme, setup: ServerSetup): Named<IMiddlewareSpec>[] {
  const { hsts, hostHeader } = site
  const headers = {
    ...(hostHeader !== null && { customRequestHeaders: { Host: plain(hostHeader) } }),
    ...(hsts !== null &&
      scheme === 'https' && { customResponseHeaders: { 'Strict-Transport-Security': plain(hsts) } }),
  }
  const all: Named<IMiddlewareSpec>[] = []
  if (Object.keys(headers).length > 0) all.push([idOf(site, scheme, 'headers'), { headers }])
  if (isRedirected(site, scheme)) all.push([idOf(site, scheme, 'redirect'), redirectOf(site, scheme, setup)])
  return all
}

function redirectOf(
  { redirect }: Site,
  scheme: Scheme,
  { httpsPort, httpPort }: ServerSetup,
): IMiddlewareSpec {
  const to = scheme === 'https' ? 'http' : 'https'
  const [port, usual] = to === 'https' ? [httpsPort, 443] : [httpPort, 80]
  return {
    redirectScheme: {
      scheme: to,
      permanent: redirect.code === 301,
      ...(port !== usual && { port: String(port) }),
    },
  }
}

function serviceOf(site: Site, scheme: Scheme): Named[] {
  if (isRedirected(site, scheme)) return []
  const { url, tls } = site.origins[scheme]
  const loadBalancer = { servers: [{ url: plain(url) }], ...(tls && { serversTransport: idOf(site) }) }
  return [[idOf(site, scheme), { loadBalancer }]]
}

function transportOf(site: Site, setup: ServerSetup): Named[] {
  const { origins, sni, verify } = site
  if (!origins.https.tls && !origins.http.tls) return []
  const trust = verify ? { rootCAs: [currentPath(setup, anchorsFile(site))] } : { insecureSkipVerify: true }
  return [[idOf(site), { serverName: plain(sni), ...trust }]]
}

function certificateOf(site: Site, setup: ServerSetup) {
  const certFile = currentPath(setup, certificateFile(site))
  return { certFile, keyFile: `${certFile}.key` }
}

function tlsOptionsOf(site: Site): Named<ITLSOptionSpec> {
  const { minimumVersion, ciphers, http2 } = site.tls
  const suites = goSuites(ciphers)
  const options: ITLSOptionSpec = {
    minVersion: minimumVersion === '1.3' ? 'VersionTLS13' : 'VersionTLS12',
    ...(suites.length > 0 && { cipherSuites: suites }),
    alpnProtocols: [...(http2 ? ['h2'] : []), 'http/1.1'],
    sniStrict: true,
  }
  return [idOf(site), options]
}
