import { isAbsolute } from 'node:path'
import type { ServerOrigin } from '../../contract/domains/origins.ts'
import { type BoundedFiles, type CertificateFiles, emptySite, type FoundSite } from '../setup/found.ts'
import type { NoteTaker } from '../setup/notes.ts'
import { addHeaders, addProxyHeaders } from './caddy-headers.ts'
import { originsOf } from './caddy-origins.ts'
import { type Handler, locationSchema, type Route, routeSchema, type Server } from './caddy-schema.ts'

interface Around {
  file: string
  isHttps: boolean
  certificateOf: (name: string) => CertificateFiles | 'unknown'
  files: BoundedFiles
  notes: NoteTaker
}

/** Makes a site of each route that names hosts. */
export function caddySites(server: Server, around: Around): FoundSite[] {
  const { notes, file } = around
  const wantsClients = server.tls_connection_policies?.some(
    (policy) => policy.client_authentication !== undefined,
  )
  return server.routes.flatMap((route) => {
    const hosts = (route.match ?? []).flatMap(({ host }) => host ?? [])
    if (hosts.length === 0) notes.left({ file }, 'route', 'It names no host, and only names are served here.')
    return hosts.flatMap((host) => {
      const site = siteOf(host, route, around)
      if (around.isHttps) site.minimumVersion = minimumOf(host, server)
      if (wantsClients) site.restrictedBy ??= 'client_authentication'
      const redirects = around.isHttps && !server.automatic_https?.disable_redirects
      const plain = { ...emptySite({ file }, [host]), redirect: { to: 'https' as const, code: 308 as const } }
      return redirects ? [site, plain] : [site]
    })
  })
}

/** The first policy for a name decides. */
function minimumOf(host: string, { tls_connection_policies: policies = [] }: Server): '1.3' | null {
  const policy = policies.find(({ match }) => !match || match.sni?.includes(host))
  return policy?.protocol_min === 'tls1.3' ? '1.3' : null
}

function siteOf(
  host: string,
  route: Route,
  { file, isHttps, certificateOf, files, notes }: Around,
): FoundSite {
  const site = emptySite({ file }, [host])
  site.https = isHttps ? certificateOf(host) : null
  const flat = flattened(route, null, 0)
  const root = flat.flatMap(({ handlers }) => handlers.flatMap((each) => each.root ?? [])).at(0)
  for (const { path, handlers } of flat) {
    if (path === otherMatcher) {
      site.restrictedBy ??= handlers.map(restrictionIn).find((each) => each !== null) ?? null
      notes.left({ file }, host, 'Matchers other than paths are not taken over.')
    } else applyHandlers(site, { path, handlers, root }, { files, notes })
  }
  return site
}

/** Path of a route with a matcher that is not taken over; no path begins so. */
const otherMatcher = '?'

interface Flat {
  /** Null: all. */
  path: string | null
  handlers: Handler[]
}

const mostDepth = 20

/** Handlers of nested routes with the path that leads to them; each route's own handlers stay together. */
function flattened(route: Route, above: string | null, depth: number): Flat[] {
  const paths = [...new Set(pathOf(route, above, depth))]
  const nested = route.handle.filter(({ handler }) => handler === 'subroute')
  const handlers = route.handle.filter(({ handler }) => handler !== 'subroute')
  const strip = nested.flatMap(({ routes = [] }) => stripOf(routes))
  return paths.flatMap((path): Flat[] => {
    const below = nested.flatMap(({ routes = [] }) =>
      depth > mostDepth ? [] : routes.flatMap((each) => flattenedUnknown(each, path, depth + 1)),
    )
    const withStrip = below.map((flat) => ({ ...flat, handlers: [...strip, ...flat.handlers] }))
    return handlers.length > 0 ? [{ path, handlers }, ...withStrip] : withStrip
  })
}

function flattenedUnknown(route: unknown, path: string | null, depth: number): Flat[] {
  const parsed = routeSchema.safeParse(route)
  return parsed.success ? flattened(parsed.data, path, depth) : []
}

/** `handle_path` removes its prefix in a route before the others. */
function stripOf(routes: unknown[]): Handler[] {
  return routes.flatMap((route) => {
    const parsed = routeSchema.safeParse(route)
    return parsed.success ? parsed.data.handle.filter((each) => each.strip_path_prefix !== undefined) : []
  })
}

function pathOf({ match }: Route, above: string | null, depth: number): (string | null)[] {
  if (!match) return [above]
  return match.flatMap((matcher) => {
    const others = Object.keys(matcher).filter((key) => key !== 'path' && (key !== 'host' || depth > 0))
    if (others.length > 0 || above === otherMatcher) return [otherMatcher]
    return matcher.path ?? [above]
  })
}

/** Name of what keeps requests away from the origin: a login, another server's decision, an error. */
function restrictionIn({ handler, handle_response, status_code, abort }: Handler): string | null {
  if (handler === 'authentication' || handler === 'error') return handler
  if (handle_response !== undefined) return 'forward_auth'
  return handler === 'static_response' && (abort || Number(status_code) >= 400) ? 'respond' : null
}

function applyHandlers(
  site: FoundSite,
  { path, handlers, root }: Flat & { root: string | undefined },
  { files, notes }: Pick<Around, 'files' | 'notes'>,
): void {
  const { file } = site
  const isRoot = path === null || path === '/*' || path === '*'
  const stripped = handlers.find((each) => each.strip_path_prefix !== undefined)?.strip_path_prefix
  for (const handler of handlers) {
    const restriction = restrictionIn(handler)
    if (restriction !== null) site.restrictedBy ??= restriction
    else if (handler.handler === 'reverse_proxy') {
      const origins = originsOf(site, handler, { files, notes })
      if (isRoot) {
        addOrigin(site, origins)
        addProxyHeaders(site, handler.headers, notes)
      } else addRoute(site, { path: path ?? '', origin: origins[0], stripped }, notes)
    } else if (isRoot && handler.handler === 'file_server') addFolder(site, root, notes)
    else if (isRoot) applyToAll(site, handler, notes)
    else if (!quiet.has(handler.handler) && handler.strip_path_prefix === undefined)
      notes.left({ file }, handler.handler, 'It is not taken over for a part of a domain.')
  }
}

/** Handlers that change nothing that is taken over, or that the edge has by itself. */
const quiet = new Set(['encode', 'vars'])

function applyToAll(site: FoundSite, handler: Handler, notes: NoteTaker): void {
  const { file } = site
  if (handler.handler === 'headers') addHeaders(site, handler, notes)
  else if (handler.handler === 'request_body') site.maxBytes = handler.max_size ?? null
  else if (handler.handler === 'static_response') site.redirect = redirectOf(handler) ?? site.redirect
  else if (!quiet.has(handler.handler))
    notes.left({ file }, handler.handler, 'This handler is not taken over.')
}

/** Files of `root`; a proxy for the same requests wins. */
function addFolder(site: FoundSite, folder: string | undefined, notes: NoteTaker): void {
  if (folder !== undefined && isAbsolute(folder) && !folder.includes('{'))
    site.origin ??= { protocol: 'folder', folder, dotFiles: false }
  else notes.left(site, 'file_server', 'Only a folder with its whole path is taken over.')
}

function addOrigin(site: FoundSite, [origin, ...backups]: ServerOrigin[]): void {
  if (!origin) return
  site.origin = origin
  site.backups = backups
}

function addRoute(
  site: FoundSite,
  {
    path,
    origin,
    stripped,
  }: { path: string; origin: ServerOrigin | undefined; stripped: string | undefined },
  notes: NoteTaker,
): void {
  const bare = path.replace(/\/?\*$/, '')
  if (!origin) return
  if (!path.endsWith('*') || bare === '' || (stripped !== undefined && stripped !== bare))
    notes.left(site, 'path', 'Only paths with all that is below them are taken over.')
  else site.routes.push({ path: bare, origin, stripPath: stripped !== undefined })
}

function redirectOf({ headers, status_code }: Handler): FoundSite['redirect'] {
  const location = locationSchema.safeParse(headers)
  const [target = ''] = location.success ? location.data.Location : []
  const found = /^(https?):\/\/\{http\.request\.host(?:port)?\}\{http\.request\.uri\}$/.exec(target)
  const code = Number(status_code)
  if (!found || (code !== 301 && code !== 302 && code !== 307 && code !== 308)) return null
  return { to: found[1] as 'https' | 'http', code }
}
