import { isAbsolute, resolve } from 'node:path'
import type { ServerOrigin } from '../../contract/domains/origins.ts'
import { parseOrigin } from '../../domain/origin-url.ts'
import type { FoundRoute, FoundSite } from '../setup/found.ts'
import type { NoteTaker } from '../setup/notes.ts'
import { isDotFiles } from './nginx-restrictions.ts'
import { noteUnknown } from './nginx-settings.ts'
import type { Directive } from '../setup/directive.ts'
import { originAnchors } from '../setup/origin-anchors.ts'
import type { HttpLevel } from './nginx-upstreams.ts'

type Located = Pick<FoundSite, 'origin' | 'backups' | 'routes'>
type WithBlock = Directive & { block: Directive[] }

/** Reads the origin of `/`, and those of other paths. */
export function locationsOf(server: WithBlock, http: HttpLevel, notes: NoteTaker): Located {
  const located: Located = {
    origin: folderIn([server.block, http.directives], notes),
    backups: [],
    routes: [],
  }
  for (const location of server.block) {
    if (location.name !== 'location' || !location.block || isCovered(location)) continue
    const path = prefixOf(location)
    if (path === null || location.block.some(({ name }) => name === 'internal')) {
      notes.left(location, 'location', 'Only locations that begin with a path are taken over.')
      continue
    }
    readLocation(location as WithBlock, path, {
      located,
      levels: [location.block, server.block, http.directives],
      http,
      notes,
    })
  }
  return located
}

interface Around {
  located: Located
  levels: Directive[][]
  http: HttpLevel
  notes: NoteTaker
}

function readLocation(location: WithBlock, path: string, { located, levels, http, notes }: Around): void {
  const passed = location.block.find(({ name }) => name === 'proxy_pass')
  noteUnknown(location.block, notes)
  if (!passed) {
    const folder = path === '/' ? folderIn(levels, notes) : null
    if (folder) located.origin = folder
    else if (location.block.some(({ name }) => answering.has(name)))
      notes.left(location, 'location', 'Its answer is not taken over: only proxies, and folders at /, are.')
    return
  }
  const proxied = proxyOf(passed, levels, http, notes)
  if (!proxied) return
  const [origin, ...backups] = proxied.origins
  if (!origin) return
  if (path === '/') {
    if (proxied.path !== null && proxied.path !== '/')
      notes.left(passed, 'proxy_pass', 'The path before the request’s is not taken over.')
    Object.assign(located, { origin, backups })
    return
  }
  const route = routeOf(path, proxied.path, origin)
  if (!route) notes.left(passed, 'proxy_pass', 'A path is kept or removed here, and not replaced by another.')
  else {
    located.routes.push(route)
    if (!path.endsWith('/'))
      notes.differs(
        location,
        path,
        `The path covers ${path} and what is below it; in nginx also names that only begin so.`,
      )
  }
}

const answering = new Set([
  'root',
  'alias',
  'return',
  'rewrite',
  'fastcgi_pass',
  'uwsgi_pass',
  'scgi_pass',
  'grpc_pass',
  'try_files',
])

function prefixOf({ args }: Directive): string | null {
  const [first = '', second] = args
  const path = second === undefined ? first : first === '^~' ? second : null
  return path?.startsWith('/') ? path : null
}

/** Locations that the edge has an answer of its own for. */
function isCovered(location: Directive): boolean {
  return isDotFiles(location) || location.args.some((one) => one.startsWith('/.well-known/acme-challenge'))
}

export function routeOf(path: string, replaced: string | null, origin: ServerOrigin): FoundRoute | null {
  const bare = path.replace(/\/$/, '')
  if (replaced === null || replaced === path) return { path: bare, origin, stripPath: false }
  return path.endsWith('/') && replaced === '/' ? { path: bare, origin, stripPath: true } : null
}

/** `root /var/www/shop;` */
function folderIn(levels: Directive[][], notes: NoteTaker): FoundSite['origin'] {
  const root = inherited(levels, 'root')
  const folder = root?.args[0]
  if (!root || !folder) return null
  if (!isAbsolute(folder) || folder.includes('$')) {
    notes.left(root, 'root', 'Only a folder with its whole path is taken over.')
    return null
  }
  return { protocol: 'folder', folder, dotFiles: false }
}

function inherited(levels: Directive[][], name: string): Directive | undefined {
  return levels.map((level) => level.find((one) => one.name === name)).find((one) => one !== undefined)
}

/** `proxy_pass http://app/path;` Path: null without one, which passes the request's on unchanged. */
function proxyOf(
  passed: Directive,
  levels: Directive[][],
  http: HttpLevel,
  notes: NoteTaker,
): { origins: ServerOrigin[]; path: string | null } | null {
  const written = /^(https?):\/\/([^/$]+)(\/[^$]*)?$/i.exec(passed.args[0] ?? '')
  const [, scheme = '', address = '', path] = written ?? []
  if (!written || address.startsWith('unix:')) {
    notes.left(passed, 'proxy_pass', 'Only http:// and https:// with a fixed host are taken over.')
    return null
  }
  const upstream = http.upstreams.get(address)
  const servers = upstream?.servers ?? [address]
  const isTls = scheme.toLowerCase() === 'https'
  const verified = inherited(levels, 'proxy_ssl_verify')?.args[0] === 'on'
  const hostHeader = hostHeaderOf(levels, address, notes)
  const tls = isTls && verified ? verificationOf(passed, levels, { address, http, notes }) : {}
  const origins = servers.flatMap((server) => {
    try {
      const origin = parseOrigin(`${scheme.toLowerCase()}://${server}`) as ServerOrigin
      return [{ ...origin, hostHeader, verify: !isTls || verified, ...tls }]
    } catch {
      notes.left(passed, 'proxy_pass', 'The address is no host and port.')
      return []
    }
  })
  if (isTls && !verified)
    notes.differs(
      passed,
      'proxy_pass',
      'nginx does not verify the origin’s certificate; neither does the domain until you turn that on.',
    )
  return { origins, path: path ?? null }
}

/** Name and anchors by which nginx verifies an origin: the address that is passed to, without `proxy_ssl_name`. */
function verificationOf(
  passed: Directive,
  levels: Directive[][],
  { address, http, notes }: { address: string; http: HttpLevel; notes: NoteTaker },
): Pick<ServerOrigin, 'sni' | 'anchorsPem'> {
  const name = inherited(levels, 'proxy_ssl_name')?.args[0] ?? address.replace(/:\d+$/, '')
  const trusted = inherited(levels, 'proxy_ssl_trusted_certificate')
  const from = trusted?.args.map((path) => resolve(http.folder, path)) ?? []
  const named = { at: trusted ?? passed, what: 'proxy_ssl_trusted_certificate', from }
  return {
    sni: name.includes('$') ? null : name,
    anchorsPem: originAnchors(named, { files: http.files, notes }),
  }
}

/** `$proxy_host` by default; the first level with any `proxy_set_header` decides. */
function hostHeaderOf(levels: Directive[][], address: string, notes: NoteTaker): string | null {
  const level = levels.find((each) => each.some(({ name }) => name === 'proxy_set_header')) ?? []
  const host = level.findLast(
    ({ name, args }) => name === 'proxy_set_header' && args[0]?.toLowerCase() === 'host',
  )
  const value = host?.args[1] ?? '$proxy_host'
  if (/^\$(?:host|http_host)(?::\$(?:server_)?port)?$/.test(value)) return null
  if (value === '$proxy_host') return address
  if (!value.includes('$')) return value
  if (host)
    notes.left(
      host,
      'proxy_set_header',
      'Variables in the Host header are not taken over, but for $host and $http_host.',
    )
  return null
}
