import { posix } from 'node:path'
import type { ICertificate } from '@kubernetes-models/cert-manager/cert-manager.io/v1/Certificate'
import type { IGateway } from '@kubernetes-models/gateway-api/gateway.networking.k8s.io/v1/Gateway'
import type { IHTTPRoute } from '@kubernetes-models/gateway-api/gateway.networking.k8s.io/v1/HTTPRoute'
import type { IHTTPRouteFilter } from '@kubernetes-models/gateway-api/gateway.networking.k8s.io/v1/HTTPRouteFilter'
import { stringify } from 'yaml'
import { EdgekeepError } from '../../../contract/errors/registry.ts'
import type { ServerSetup } from '../site/server-setup.ts'
import type { Site, SiteOrigin } from '../site/site.ts'
import type { Kind } from './kind.ts'
import { plain } from './quoted.ts'

/** Namespace, GatewayClass and ClusterIssuer that the person makes once, and the Gateway that is written. */
const ours = 'edgekeep'
/** Listeners of a Gateway: one for HTTP, and one for each name over HTTPS. */
const mostListeners = 64

/**
 * Manifests for the Gateway API and cert-manager, which a person or a pipeline applies. Each key is generated in the
 * cluster by cert-manager, and its certificate is its issuer's: neither comes here.
 */
export const kubernetes: Kind = {
  title: 'Kubernetes',
  programs: [],
  file: 'manifests.yaml',
  keyMode: null,
  include: ({ config, current }) => ({
    line: `- ${posix.relative(posix.dirname(config), current)}/manifests.yaml`,
    place: `under "resources:" of the kustomization; the cluster has a namespace, a GatewayClass and a ClusterIssuer of cert-manager that are called "${ours}"`,
  }),
  reads: () => ({ text: 'edgekeep/current/' }),
  test: () => null,
  reload: () => null,
  render,
  refusal,
  caution: ({ config }) =>
    `The manifests are checked against the schemas of the Gateway API and cert-manager, and were never applied to a cluster. Edgekeep writes them alone and reaches no cluster: see "kubectl diff -k ${posix.dirname(config)}", then "kubectl apply -k ${posix.dirname(config)}".`,
}

/** The Gateway API leaves all but the certificate to the implementation, so what cannot be asked for is refused. */
function refusal({ name, origins, hostHeader, redirect, hsts, tls }: Site): string | null {
  const isDefault = tls.minimumVersion === '1.2' && tls.ciphers === 'intermediate' && tls.http2
  const reasons: [boolean, string][] = [
    [name.startsWith('*.'), 'a Gateway lets a wildcard match several labels, and it is meant for one'],
    [!isDefault, 'a Gateway has no settings for TLS versions, ciphers and HTTP/2'],
    [
      origins.https.tls || origins.http.tls,
      'its origin is reached over TLS, which HTTPRoute has no word for',
    ],
    [serviceOf(origins.http) === null, 'its origin is no Service, which is called NAME.NAMESPACE.svc'],
    [hostHeader?.includes(':') === true, 'a Host header with a port cannot be set there'],
    [redirect.mode === 'http' && hsts !== null, 'it redirects to HTTP, and its HSTS forbids that'],
    [
      redirect.mode !== 'none' && redirect.code !== 301 && redirect.code !== 302,
      'of all codes for a redirect, each version of the Gateway API has 301 and 302 alone',
    ],
  ]
  return reasons.find(([applies]) => applies)?.[1] ?? null
}

interface Service {
  name: string
  namespace: string
  port: number
}

const serviceName = /^([a-z][a-z0-9-]{0,62})\.([a-z0-9][a-z0-9-]{0,62})\.svc(?:\.cluster\.local)?$/

function serviceOf({ host, port }: SiteOrigin): Service | null {
  const [, name, namespace] = serviceName.exec(host) ?? []
  return name === undefined || namespace === undefined ? null : { name, namespace, port }
}

/** @throws `publish.untranslatable` for more names than a Gateway has listeners */
function render(sites: readonly Site[], setup: ServerSetup): string {
  if (sites.length === 0) return ''
  const beyond = sites[mostListeners - 1]
  if (beyond) {
    const reasons = [`a Gateway has at most ${mostListeners} listeners`]
    throw new EdgekeepError('publish.untranslatable', { domain: beyond.name, reasons })
  }
  const objects = [gatewayOf(sites, setup), ...sites.flatMap((site) => objectsOf(site, setup))]
  // Tools of Kubernetes read YAML 1.1, in which a plain `on` or `no` is a boolean.
  return objects
    .map((object) => stringify(object, { version: '1.1', lineWidth: 0 }).trimEnd())
    .join('\n---\n')
}

function objectMeta(name: string, namespace: string) {
  return { name, namespace, labels: { 'app.kubernetes.io/managed-by': ours } }
}

/** Routes of other namespaces than those of the Services are not let in. */
function gatewayOf(sites: readonly Site[], { httpsPort, httpPort }: ServerSetup): IGateway {
  const namespaces = [...new Set(sites.map((site) => service(site).namespace))].toSorted()
  return {
    apiVersion: 'gateway.networking.k8s.io/v1',
    kind: 'Gateway',
    metadata: objectMeta(ours, ours),
    spec: {
      gatewayClassName: ours,
      listeners: [
        { name: 'http', protocol: 'HTTP', port: httpPort, allowedRoutes: routesFrom(namespaces) },
        ...sites.map((site) => ({
          name: plain(site.name),
          protocol: 'HTTPS',
          port: httpsPort,
          hostname: site.name,
          tls: { mode: 'Terminate' as const, certificateRefs: [{ name: secretOf(site) }] },
          allowedRoutes: routesFrom([service(site).namespace]),
        })),
      ],
    },
  }
}

function routesFrom(values: string[]) {
  const selector = { matchExpressions: [{ key: 'kubernetes.io/metadata.name', operator: 'In', values }] }
  return { namespaces: { from: 'Selector' as const, selector } }
}

/** Refused before without one. */
function service({ origins }: Site): Service {
  const found = serviceOf(origins.http)
  if (!found) throw new TypeError('A published site has a Service')
  return found
}

function secretOf({ stem }: Site): string {
  return `${stem}-tls`
}

function objectsOf(site: Site, setup: ServerSetup) {
  return [certificateOf(site), routeOf(site, 'https', setup), routeOf(site, 'http', setup)]
}

function certificateOf(site: Site): ICertificate {
  return {
    apiVersion: 'cert-manager.io/v1',
    kind: 'Certificate',
    metadata: objectMeta(site.stem, ours),
    spec: {
      secretName: secretOf(site),
      dnsNames: [site.name],
      privateKey: { algorithm: 'ECDSA', size: 256, rotationPolicy: 'Always' },
      issuerRef: { group: 'cert-manager.io', kind: 'ClusterIssuer', name: ours },
    },
  }
}

type Scheme = 'https' | 'http'

function routeOf(site: Site, scheme: Scheme, setup: ServerSetup): IHTTPRoute {
  const { name, namespace, port } = service(site)
  const { mode } = site.redirect
  const isRedirected = mode !== 'none' && mode !== scheme
  const filters = isRedirected ? [redirectOf(site, setup)] : filtersOf(site, scheme)
  const rule = {
    ...(filters.length > 0 && { filters }),
    ...(!isRedirected && { backendRefs: [{ name, port }] }),
  }
  return {
    apiVersion: 'gateway.networking.k8s.io/v1',
    kind: 'HTTPRoute',
    metadata: objectMeta(`${site.stem}-${scheme}`, namespace),
    spec: {
      parentRefs: [{ name: ours, namespace: ours, sectionName: scheme === 'https' ? site.name : 'http' }],
      hostnames: [site.name],
      rules: [rule],
    },
  }
}

function redirectOf({ redirect }: Site, { httpsPort, httpPort }: ServerSetup): IHTTPRouteFilter {
  const scheme: Scheme = redirect.mode === 'https' ? 'https' : 'http'
  const [port, usual] = scheme === 'https' ? [httpsPort, 443] : [httpPort, 80]
  const requestRedirect = { scheme, ...(port !== usual && { port }), statusCode: redirect.code }
  return { type: 'RequestRedirect', requestRedirect }
}

function filtersOf({ hsts, hostHeader }: Site, scheme: Scheme): IHTTPRouteFilter[] {
  const filters: IHTTPRouteFilter[] = []
  if (hostHeader !== null) filters.push({ type: 'URLRewrite', urlRewrite: { hostname: plain(hostHeader) } })
  if (hsts !== null && scheme === 'https') {
    const set = [{ name: 'Strict-Transport-Security', value: plain(hsts) }]
    filters.push({ type: 'ResponseHeaderModifier', responseHeaderModifier: { set } })
  }
  return filters
}
