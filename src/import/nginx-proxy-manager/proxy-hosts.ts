import { z } from 'zod'
import type { ServerOrigin } from '../../contract/domains/origins.ts'
import { parseOrigin } from '../../domain/origin-url.ts'
import { routeOf } from '../nginx/nginx-locations.ts'
import { restrictionIn } from '../nginx/nginx-restrictions.ts'
import { headersOf, hstsOf, noteUnknown } from '../nginx/nginx-settings.ts'
import { parseNginx } from '../nginx/nginx-syntax.ts'
import { type Directive, SyntaxFault } from '../setup/directive.ts'
import { type CertificateFiles, emptySite, type FoundAt, type FoundSite } from '../setup/found.ts'
import type { NoteTaker } from '../setup/notes.ts'
import type { Row } from '../setup/sqlite-file.ts'

const flag = z.union([z.literal(0), z.literal(1)]).transform((value) => value === 1)
const json = z.string().transform((text, context) => {
  try {
    return JSON.parse(text) as unknown
  } catch {
    context.addIssue('no JSON')
    return z.NEVER
  }
})
const forwarded = {
  forward_scheme: z.enum(['http', 'https']),
  forward_host: z.string().min(1),
  forward_port: z.coerce.number().int().min(1).max(65_535),
}
const locationSchema = z.object({ ...forwarded, path: z.string(), advanced_config: z.string().nullish() })

const hostSchema = z
  .object({
    id: z.int(),
    is_deleted: flag.default(false),
    enabled: flag.default(true),
    domain_names: json.pipe(z.array(z.string()).max(1000)),
    ...forwarded,
    access_list_id: z.int().default(0),
    certificate_id: z.int().default(0),
    ssl_forced: flag.default(false),
    hsts_enabled: flag.default(false),
    hsts_subdomains: flag.default(false),
    advanced_config: z.string().default(''),
    locations: z.union([z.null(), json.pipe(z.array(locationSchema).max(64).nullable())]).default(null),
  })
  .transform(({ is_deleted: isDeleted, enabled: isEnabled, ...host }) => ({ ...host, isDeleted, isEnabled }))
type ProxyHost = z.output<typeof hostSchema>

/** Columns of `proxy_host` that are read; older versions have fewer. */
export const columns = [
  'id',
  'is_deleted',
  'enabled',
  'domain_names',
  'forward_scheme',
  'forward_host',
  'forward_port',
  'access_list_id',
  'certificate_id',
  'ssl_forced',
  'hsts_enabled',
  'hsts_subdomains',
  'advanced_config',
  'locations',
]

export function hostOf(row: Row): ProxyHost | null {
  return hostSchema.safeParse(row).data ?? null
}

interface Around {
  at: FoundAt
  certificateOf: (id: number) => CertificateFiles | 'unknown'
  notes: NoteTaker
}

/** Sites of one proxy host, as its template for nginx serves them; HTTP is redirected where that is forced. */
export function siteOfHost(host: ProxyHost, { at, certificateOf, notes }: Around): FoundSite[] {
  const site = emptySite(at, host.domain_names)
  const advanced = directivesOf(host.advanced_config, { at, notes })
  const custom = (host.locations ?? []).flatMap(({ advanced_config: text }) =>
    directivesOf(text ?? '', { at, notes }),
  )
  site.restrictedBy =
    host.access_list_id > 0 ? 'access_list' : restrictionIn(blockOf(at, [...advanced, ...custom]), [])
  site.hsts = hstsOf([advanced], notes)
  site.headers = headersOf([advanced], notes)
  noteUnknown(advanced, notes)
  const { origin, path } = forwardedTo(host, { at, notes })
  if (path !== null && path !== '/')
    notes.left(at, 'forward_host', 'The path before the request’s is not taken over.')
  site.origin = origin
  for (const location of host.locations ?? []) addLocation(site, location, { at, notes })
  if (host.certificate_id === 0) return [site]
  if (host.ssl_forced && host.hsts_enabled)
    site.hsts ??= { days: 730, includeSubDomains: host.hsts_subdomains, preload: host.hsts_subdomains }
  const plain = host.ssl_forced ? { ...site, redirect: { to: 'https' as const, code: 301 as const } } : site
  return [{ ...site, https: certificateOf(host.certificate_id) }, plain]
}

function blockOf({ file }: FoundAt, block: Directive[]): Directive {
  return { name: 'server', args: [], file, line: 1, block }
}

function directivesOf(text: string, { at, notes }: { at: FoundAt; notes: NoteTaker }): Directive[] {
  try {
    return parseNginx(text, at.file)
  } catch (error) {
    if (!(error instanceof SyntaxFault)) throw error
    notes.left({ ...at, line: error.line }, 'advanced_config', `Its syntax is not nginx's: ${error.message}.`)
    return []
  }
}

type Forwarded = z.output<typeof locationSchema> | ProxyHost

/** nginx's default is not to verify the origin's certificate, and the templates leave it. */
function forwardedTo(
  { forward_scheme: scheme, forward_host: host, forward_port: port }: Forwarded,
  { at, notes }: { at: FoundAt; notes: NoteTaker },
): { origin: ServerOrigin | null; path: string | null } {
  const slash = host.indexOf('/')
  const bare = slash === -1 ? host : host.slice(0, slash)
  const address = bare.includes(':') && !bare.startsWith('[') ? `[${bare}]` : bare
  try {
    const origin = parseOrigin(`${scheme}://${address}:${port}`) as ServerOrigin
    if (scheme === 'https')
      notes.differs(
        at,
        'forward_host',
        'nginx does not verify the origin’s certificate; neither does the domain until you turn that on.',
      )
    return {
      origin: { ...origin, verify: scheme !== 'https' },
      path: slash === -1 ? null : host.slice(slash),
    }
  } catch {
    notes.left(at, 'forward_host', 'The address is no host and port.')
    return { origin: null, path: null }
  }
}

function addLocation(
  site: FoundSite,
  location: z.output<typeof locationSchema>,
  { at, notes }: { at: FoundAt; notes: NoteTaker },
): void {
  const { origin, path } = forwardedTo(location, { at, notes })
  if (!origin) return
  if (location.path === '/') site.origin = origin
  else {
    const route = location.path.startsWith('/') ? routeOf(location.path, path, origin) : null
    if (route) site.routes.push(route)
    else notes.left(at, 'locations', 'A path is kept or removed here, and not replaced by another.')
  }
}
