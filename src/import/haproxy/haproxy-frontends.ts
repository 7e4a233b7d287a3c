import { certificateIn, certificatesByName } from '../setup/certificates-by-name.ts'
import { type BoundedFiles, emptySite, type FoundSite } from '../setup/found.ts'
import type { NoteTaker } from '../setup/notes.ts'
import { type Backend, stripsPath } from './haproxy-backends.ts'
import { certificatesOf } from './haproxy-certificates.ts'
import { aclsOf } from './haproxy-conditions.ts'
import { type RouteRule, routeRulesOf } from './haproxy-routes.ts'
import { addHeaders, redirectsOf, restrictionIn } from './haproxy-rules.ts'
import type { Line, Section } from './haproxy-syntax.ts'

export interface Proxy {
  section: Section
  /** Lines of the `defaults` that count for it. */
  defaults: Line[]
}

interface Around {
  globals: Section[]
  backends: Map<string, Backend>
  files: BoundedFiles
  notes: NoteTaker
}

export interface Frontend {
  section: Section
  sites: FoundSite[]
  /** Redirect of all names, of a frontend for HTTP alone. */
  redirect: FoundSite['redirect']
}

/** Makes a site of each name of a `frontend` or `listen` section; two if it answers HTTP and HTTPS. */
export function frontendOf(
  { section, defaults }: Proxy,
  { globals, backends, files, notes }: Around,
): Frontend {
  const lines = [...defaults, ...section.lines]
  const acls = aclsOf(section.lines)
  const binds = section.lines.filter(({ tokens }) => tokens[0] === 'bind')
  const isTls = binds.some(({ tokens }) => tokens.includes('ssl'))
  const isPlain = binds.some(({ tokens }) => !tokens.includes('ssl'))
  const certificates = certificatesOf(binds, { globals, files, notes })
  const certificateOf = certificatesByName(certificates, (path) => files.bytes(path))
  const redirects = redirectsOf(lines, { acls, notes })
  const own =
    section.kind === 'listen' ? [{ backend: section.name, line: section, names: null, paths: null }] : []
  const rules = [...routeRulesOf(lines, { acls, files, notes }), ...own]
  const certified = () =>
    namesIn(
      certificates.map(({ certificate }) => certificate),
      files,
    )
  const sites = namesOf(section, { rules, certified, notes }).flatMap((name) => {
    const site = emptySite(section, [name])
    site.restrictedBy = restrictionIn(lines)
    const rulesOfName = rules.filter(({ names }) => names === null || names.includes(name))
    addHeaders(site, lines, { acls, notes })
    addRoutes(site, rulesOfName, { backends, notes })
    const redirect = redirects.find(({ names }) => names === null || names.includes(name))?.to ?? null
    const toHttp = redirect?.to === 'http' ? redirect : null
    const toHttps = redirect?.to === 'https' ? redirect : null
    const minimumVersion = minimumOf(binds, globals)
    const secure = { ...site, https: certificateOf(name), minimumVersion, redirect: toHttp }
    return [...(isTls ? [secure] : []), ...(isPlain ? [{ ...site, redirect: toHttps }] : [])]
  })
  return {
    section,
    sites,
    redirect: isTls ? null : (redirects.find(({ names }) => names === null)?.to ?? null),
  }
}

/** Names of the rules; without any, those of the certificates. */
function namesOf(
  section: Section,
  { rules, certified, notes }: { rules: RouteRule[]; certified: () => string[]; notes: NoteTaker },
): string[] {
  const named = [...new Set(rules.flatMap(({ names }) => names ?? []))]
  const rest = rules.find(({ names, paths }) => names === null && paths === null)
  if (named.length > 0) {
    if (rest?.line.tokens[0] === 'default_backend')
      notes.left(
        rest.line,
        'default_backend',
        'Names without a rule are not taken over: only names are served here.',
      )
    return named
  }
  const names = rest ? certified() : []
  if (names.length > 0)
    notes.differs(section, section.name, 'It names no hosts; its domains are the names of its certificates.')
  else if (rest) notes.left(section, section.name, 'It names no hosts, and only names are served here.')
  return names
}

function namesIn(paths: string[], files: BoundedFiles): string[] {
  const alternatives = paths.flatMap(
    (path) => certificateIn(path, (each) => files.bytes(each))?.subjectAltName?.split(', ') ?? [],
  )
  const names = alternatives.filter((one) => one.startsWith('DNS:')).map((one) => one.slice('DNS:'.length))
  return [...new Set(names.map((name) => name.toLowerCase()))]
}

/** Adds the backends of the rules, of which the first one for all paths ends the list. */
function addRoutes(
  site: FoundSite,
  rules: RouteRule[],
  { backends, notes }: { backends: Map<string, Backend>; notes: NoteTaker },
): void {
  for (const { backend: name, line, paths } of rules) {
    const backend = backends.get(name)
    const [origin, ...backups] = backend?.origins ?? []
    if (backend) site.restrictedBy ??= restrictionIn(backend.section.lines)
    if (!backend || !origin) {
      notes.left(line, name, 'This backend has no server that is taken over.')
      if (!paths) return
      continue
    }
    for (const path of paths ?? []) addPath(site, path, { backend, line, notes })
    if (paths) continue
    if (stripsPath(backend, '/') !== false)
      notes.left(backend.section, name, 'Paths of all requests are not rewritten here.')
    Object.assign(site, { origin, backups })
    addHeaders(site, backend.section.lines, { acls: aclsOf(backend.section.lines), notes })
    return
  }
}

function addPath(
  site: FoundSite,
  path: string,
  { backend, line, notes }: { backend: Backend; line: Line; notes: NoteTaker },
): void {
  const bare = path.replace(/\/$/, '')
  const [origin] = backend.origins
  const stripPath = stripsPath(backend, path)
  if (!origin || site.routes.some((route) => `${bare}/`.startsWith(`${route.path}/`))) return
  if (stripPath === null)
    notes.left(line, path, 'A path is kept or removed here, and not replaced by another.')
  else {
    site.routes.push({ path: bare, origin, stripPath })
    if (bare === path)
      notes.differs(
        line,
        path,
        `The path covers ${path} and what is below it; there also names that only begin so.`,
      )
  }
}

function minimumOf(binds: Line[], globals: Section[]): '1.3' | null {
  const options = globals.flatMap(({ lines }) =>
    lines.filter(({ tokens }) => tokens[0] === 'ssl-default-bind-options'),
  )
  const isNewest = ({ tokens }: Line) =>
    tokens.includes('no-tlsv12') || tokens[tokens.indexOf('ssl-min-ver') + 1] === 'TLSv1.3'
  const secure = binds.filter(({ tokens }) => tokens.includes('ssl'))
  return options.some(isNewest) || (secure.length > 0 && secure.every(isNewest)) ? '1.3' : null
}
