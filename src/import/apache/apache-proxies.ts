import { resolve } from 'node:path'
import type { ServerOrigin } from '../../contract/domains/origins.ts'
import { parseOrigin } from '../../domain/origin-url.ts'
import type { Directive } from '../setup/directive.ts'
import type { BoundedFiles, FoundSite } from '../setup/found.ts'
import type { NoteTaker } from '../setup/notes.ts'
import { originAnchors } from '../setup/origin-anchors.ts'
import { conditionsBefore, flagsOf } from './apache-rewrites.ts'

/** Directive that passes requests below a path to an origin. */
interface Passed {
  at: Directive
  path: string
  url: string
}

interface Around {
  host: Directive[]
  server: Directive[]
  /** ServerRoot, which relative paths begin at. */
  folder: string
  files: BoundedFiles
  notes: NoteTaker
}

/** Adds the proxies of a virtual host: the one of `/` is the origin, the others are routes. */
export function addProxies(site: FoundSite, around: Around): void {
  for (const passed of passedOf(around.host, around.notes)) {
    if (passed.url === '!') {
      if (!passed.path.startsWith('/.well-known/acme-challenge'))
        around.notes.left(passed.at, 'ProxyPass', 'Paths that are not passed on are not taken over.')
      continue
    }
    const target = targetOf(passed, around)
    const [origin, ...backups] = target?.origins ?? []
    if (!target || !origin || isCovered(site, passed.path)) continue
    if (passed.path !== '/') addRoute(site, passed, { origin, path: target.path, notes: around.notes })
    else if (target.path === '' || target.path === '/') Object.assign(site, { origin, backups })
    else around.notes.left(passed.at, 'ProxyPass', 'The path before the request’s is not taken over.')
  }
}

/** Apache takes the first `ProxyPass` that fits. */
function isCovered({ origin, routes }: FoundSite, path: string): boolean {
  return origin !== null || routes.some((route) => `${path}/`.startsWith(`${route.path}/`))
}

function addRoute(
  site: FoundSite,
  { at, path }: Passed,
  { origin, path: target, notes }: { origin: ServerOrigin; path: string; notes: NoteTaker },
): void {
  const bare = path.replace(/\/$/, '')
  const isAlike = path.endsWith('/') === target.endsWith('/')
  const bareTarget = target.replace(/\/$/, '')
  if (isAlike && (bareTarget === bare || bareTarget === ''))
    site.routes.push({ path: bare, origin, stripPath: bareTarget !== bare })
  else notes.left(at, 'ProxyPass', 'A path is kept or removed here, and not replaced by another.')
}

/** `ProxyPass` in a host or a `<Location>`, and `RewriteRule … [P]`, in their order. */
function passedOf(host: Directive[], notes: NoteTaker): Passed[] {
  return host.flatMap((one): Passed[] => {
    const [first = '', second = ''] = one.args
    if (one.name === 'proxypass') return [{ at: one, path: first, url: second }]
    if (one.name === 'location' && first.startsWith('/'))
      return (one.block ?? []).flatMap((at) =>
        at.name === 'proxypass' ? [{ at, path: first, url: at.args[0] ?? '' }] : [],
      )
    if (flagsOf(one).has('p')) return rewritten(one, host, notes)
    const inside = [one, ...(one.block ?? [])]
    const unknown =
      inside.find(({ name }) => name === 'proxypassmatch') ??
      (one.block && inside.find(({ name }) => name === 'proxypass'))
    if (unknown)
      notes.left(unknown, 'ProxyPass', 'Only paths that begin the same are taken over, no patterns.')
    return []
  })
}

/** `RewriteRule ^/?(.*) "http://127.0.0.1:3000/$1" [P,L]` */
function rewritten(at: Directive, host: Directive[], notes: NoteTaker): Passed[] {
  const [pattern = '', target = ''] = at.args
  const url = /^(https?:\/\/[^/$%]+)(?:\/\$1|\$1|%\{REQUEST_URI\})$/i.exec(target)?.[1]
  if (/^wss?:/i.test(target)) return []
  const isAlways = conditionsBefore(at, host).length === 0
  if (url && isAlways && /^(?:\^?\/?\??\(\.\*\)\$?|\^)$/.test(pattern))
    return [{ at, path: '/', url: `${url}/` }]
  notes.left(at, 'RewriteRule', 'Only rewrites of all paths to one origin are taken over.')
  return []
}

function targetOf({ at, url }: Passed, around: Around): { origins: ServerOrigin[]; path: string } | null {
  const { host, server, notes } = around
  const [, scheme = '', address = '', path = ''] =
    /^(https?|wss?|h2c?|balancer):\/\/([^/$%]+)(\/[^$%]*)?$/i.exec(url) ?? []
  if (address === '' || address.startsWith('unix:')) {
    notes.left(at, 'ProxyPass', 'Only http:// and https:// with a fixed host are taken over.')
    return null
  }
  const members =
    scheme.toLowerCase() === 'balancer' ? membersOf(address, around) : [`${scheme}://${address}`]
  const verified = lastOf('sslproxyverify', [host, server])?.args[0]?.toLowerCase() === 'require'
  const keepsHost = lastOf('proxypreservehost', [host, server])?.args[0]?.toLowerCase() === 'on'
  const anchorsPem = verified ? anchorsFor(at, around) : null
  const origins = members.flatMap((member) => {
    try {
      const [own = '', rest = ''] = member.split('://')
      const [to = ''] = rest.split('/')
      const isTls = /^(?:https|wss|h2)$/i.test(own)
      const plain = own.toLowerCase() === 'h2c' ? 'h2c' : 'http'
      const origin = parseOrigin(`${isTls ? 'https' : plain}://${to}`) as ServerOrigin
      if (isTls && !verified)
        notes.differs(
          at,
          'ProxyPass',
          'Apache does not verify the origin’s certificate; neither does the domain until you turn that on.',
        )
      const hostHeader = keepsHost ? null : to
      const tls = isTls ? { verify: verified, anchorsPem } : {}
      return [{ ...origin, hostHeader, ...tls, http2: own.toLowerCase() === 'h2' }]
    } catch {
      notes.left(at, 'ProxyPass', 'The address is no host and port.')
      return []
    }
  })
  return { origins, path }
}

function anchorsFor(at: Directive, { host, server, folder, files, notes }: Around): string | null {
  const trusted = lastOf('sslproxycacertificatefile', [host, server])
  const from = trusted?.args.map((written) => resolve(folder, written)) ?? []
  return originAnchors({ at: trusted ?? at, what: 'SSLProxyCACertificateFile', from }, { files, notes })
}

function lastOf(name: string, levels: Directive[][]): Directive | undefined {
  return levels.map((level) => level.findLast((one) => one.name === name)).find((one) => one !== undefined)
}

/** `<Proxy "balancer://app">` with a `BalancerMember` a line; those with `status=+H` come last. */
function membersOf(name: string, { host, server, notes }: Around): string[] {
  const blocks = [...host, ...server].filter(
    (one) => one.name === 'proxy' && one.args[0]?.toLowerCase() === `balancer://${name.toLowerCase()}`,
  )
  const members = blocks.flatMap(({ block }) => (block ?? []).filter((one) => one.name === 'balancermember'))
  const isSpare = ({ args }: Directive) => args.some((arg) => /^status=\+?[^-]*h/i.test(arg))
  const ordinary = members.filter((one) => !isSpare(one))
  const [, second] = ordinary
  if (second)
    notes.differs(
      second,
      'BalancerMember',
      'Requests go to the first server; the others are used while it is out.',
    )
  return [...ordinary, ...members.filter(isSpare)].flatMap(({ args }) => args[0] ?? [])
}
