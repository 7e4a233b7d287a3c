import { z } from 'zod'
import type { CertificateOf } from '../setup/certificates-by-name.ts'
import { type BoundedFiles, emptySite, type FoundSite } from '../setup/found.ts'
import type { NoteTaker } from '../setup/notes.ts'
import { type Dynamic, ownName, type Placed, type Router } from './traefik-dynamic.ts'
import type { StaticPart } from './traefik-files.ts'
import { applyMiddlewares, middlewaresOf } from './traefik-middlewares.ts'
import { type Branch, branchesOf } from './traefik-rule.ts'
import { originsOf } from './traefik-services.ts'

interface Around {
  dynamic: Dynamic
  whole: StaticPart | null
  certificateOf: CertificateOf
  files: BoundedFiles
  notes: NoteTaker
}

const entryPointSchema = z.looseObject({
  http: z
    .looseObject({
      tls: z.unknown().optional(),
      middlewares: z.array(z.string()).default([]),
      redirections: z
        .looseObject({
          entrypoint: z.looseObject({
            scheme: z.string().default('https'),
            permanent: z.boolean().default(true),
          }),
        })
        .optional(),
    })
    .optional(),
})

/** Sites of all routers with a name, one for HTTP and one for HTTPS. */
export function sitesOf(around: Around): FoundSite[] {
  const sites = new Map<string, FoundSite>()
  const routers = [...around.dynamic.routers].map(([name, router]) => ({ name, ...router }))
  // Traefik tries the longest rule first.
  for (const router of routers.toSorted((one, other) => other.value.rule.length - one.value.rule.length))
    for (const branch of branchesWithNames(router, around.notes))
      for (const name of branch.names ?? []) addRoute(sites, { name, branch, router }, around)
  const redirection = entryPointsOf(around.whole).find(({ redirect }) => redirect !== null)
  if (redirection?.redirect) {
    const secure = [...sites.values()].filter(({ https }) => https !== null)
    for (const site of secure) {
      const [name = ''] = site.names
      sites.set(`http ${name}`, { ...emptySite(site, [name]), redirect: redirection.redirect })
    }
  }
  return [...sites.values()]
}

function branchesWithNames(
  { name, value, at }: Placed<Router> & { name: string },
  notes: NoteTaker,
): Branch[] {
  const branches = branchesOf(value.rule)
  if (!branches) notes.left(at, name, 'Its rule is not understood.')
  return (branches ?? []).filter(({ names, other }) => {
    if (names !== null && other === null) return true
    const why =
      other === null
        ? 'It names no host, and only names are served here.'
        : `Of its rule ${other} is not taken over: only Host and PathPrefix are.`
    notes.left(at, name, why)
    return false
  })
}

function entryPointsOf(whole: StaticPart | null) {
  return Object.entries(whole?.entrypoints ?? {}).map(([name, written]) => {
    const http = entryPointSchema.safeParse(written).data?.http
    const redirection = http?.redirections?.entrypoint
    const scheme = redirection?.scheme
    const redirect: FoundSite['redirect'] =
      redirection && scheme === 'https' ? { to: scheme, code: redirection.permanent ? 301 : 302 } : null
    return { name, isTls: http?.tls !== undefined, middlewares: http?.middlewares ?? [], redirect }
  })
}

function addRoute(
  sites: Map<string, FoundSite>,
  { name, branch, router }: { name: string; branch: Branch; router: Placed<Router> },
  { dynamic, whole, certificateOf, files, notes }: Around,
): void {
  const { value, at } = router
  const points = entryPointsOf(whole).filter((one) => value.entrypoints?.includes(one.name) ?? true)
  const isTls =
    (value.tls !== undefined && value.tls !== null) || (points.length > 0 && points.every((one) => one.isTls))
  const key = `${isTls ? 'https' : 'http'} ${name}`
  const site = sites.get(key) ?? { ...emptySite(at, [name]), https: isTls ? certificateOf(name) : null }
  sites.set(key, site)
  if (isTls) applyOptions(site, value, dynamic)
  const names = [...points.flatMap((one) => one.middlewares), ...value.middlewares]
  const isRoot = branch.paths === null || branch.paths.includes('/')
  const { strips, host } = applyMiddlewares(site, middlewaresOf(names, dynamic, { notes, at }), {
    isRoot,
    notes,
  })
  if (value.service.includes('@internal')) return
  const byDefault = whole?.serverstransport ?? null
  const found = originsOf(value.service, at, { dynamic, byDefault, files, notes })
  const [origin, ...backups] = host === null ? found : found.map((one) => ({ ...one, hostHeader: host }))
  if (!origin) return
  if (isRoot) {
    if (strips.length > 0) notes.left(at, 'stripPrefix', 'Paths of all requests are not rewritten here.')
    site.origin ??= origin
    site.backups = site.origin === origin ? backups : site.backups
    return
  }
  for (const path of branch.paths ?? []) {
    const bare = path.replace(/\/$/, '')
    const stripPath = strips.some((prefix) => prefix.replace(/\/$/, '') === bare)
    if (strips.length > 0 && !stripPath)
      notes.left(at, 'stripPrefix', 'Only the whole path of a route is removed here.')
    else if (!site.routes.some((route) => route.path === bare))
      site.routes.push({ path: bare, origin, stripPath })
  }
}

function applyOptions(site: FoundSite, { tls }: Router, { options }: Dynamic): void {
  const named = typeof tls === 'object' ? tls?.options : undefined
  const found = options.get(ownName(named ?? 'default'))?.value
  if (found?.minversion === 'VersionTLS13') site.minimumVersion = '1.3'
  const client = found?.clientauth?.clientauthtype
  if (client !== undefined && client !== 'NoClientCert') site.restrictedBy ??= 'clientAuth'
}
