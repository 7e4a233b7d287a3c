import { resolve } from 'node:path'
import { emptySite, type FoundSite } from '../setup/found.ts'
import type { NoteTaker } from '../setup/notes.ts'
import { locationsOf } from './nginx-locations.ts'
import { restrictingCommands, restrictionIn } from './nginx-restrictions.ts'
import { headersOf, hstsOf, noteUnknown, sizeOf } from './nginx-settings.ts'
import type { Directive } from '../setup/directive.ts'
import type { HttpLevel } from './nginx-upstreams.ts'

/** Reads one `server` block; several if it answers HTTP and HTTPS, or redirects some of its names. */
export function siteOf(
  server: Directive & { block: Directive[] },
  http: HttpLevel,
  notes: NoteTaker,
): FoundSite[] {
  const { block } = server
  const names = namesOf(server, notes)
  if (names.length === 0) return []
  const scheme = schemesOf(block)
  const root = block.find(
    ({ name, args }) => name === 'location' && args.length === 1 && args[0] === '/',
  )?.block
  const redirect = redirectOf(block) ?? redirectOf(root ?? [])
  const levels = [root ?? [], block, http.directives]
  const { origin, backups, routes } = redirect ? noLocations : locationsOf(server, http, notes)
  const site: FoundSite = {
    ...emptySite(server, names),
    origin,
    backups,
    routes,
    redirect: redirect && scheme[redirect.to === 'https' ? 'http' : 'https'] ? redirect : null,
    hsts: hstsOf(levels, notes),
    headers: headersOf(levels, notes),
    maxBytes: sizeOf(levels, notes),
    restrictedBy: restrictionIn(server, http.directives),
    restricting: restrictingCommands(server, http),
  }
  noteUnknown(block, notes)
  const conditional = conditionalRedirects(block, names, notes)
  const answers = conditional.length > 0 && !origin ? [] : [site]
  const all = [
    ...conditional.map((one) => ({ ...emptySite(server, one.names), redirect: one.redirect })),
    ...answers,
  ]
  return scheme.https ? all.map((one) => ({ ...one, ...tlsOf(block, http) })) : all
}

const noLocations = { origin: null, backups: [], routes: [] }

function tlsOf(block: Directive[], http: HttpLevel): Pick<FoundSite, 'https' | 'minimumVersion'> {
  const find = (name: string) => [...block, ...http.directives].find((one) => one.name === name)
  const pathOf = (name: string) => {
    const written = find(name)?.args[0]
    // A variable, or a key that stands in the configuration itself.
    return !written || /\$|^(?:data|engine|store):/.test(written) ? null : resolve(http.folder, written)
  }
  const certificate = pathOf('ssl_certificate')
  const protocols = find('ssl_protocols')?.args
  const onlyNewest = protocols?.length === 1 && protocols[0] === 'TLSv1.3'
  return {
    https: certificate ? { certificate, key: pathOf('ssl_certificate_key') } : 'unknown',
    minimumVersion: onlyNewest ? '1.3' : null,
  }
}

function namesOf(server: Directive & { block: Directive[] }, notes: NoteTaker): string[] {
  const written = server.block.filter(({ name }) => name === 'server_name')
  const all = written.flatMap((one) => one.args.map((name) => ({ one, name })))
  const names = all.flatMap(({ one, name }) => {
    if (name === '' || name === '_' || name === 'localhost') return []
    if (name.startsWith('~') || name.includes('$') || (name.includes('*') && !name.startsWith('*.'))) {
      notes.left(one, 'server_name', 'Patterns in names are not taken over; only exact names and *.NAME are.')
      return []
    }
    if (name.startsWith('.')) return [name.slice(1), `*${name}`]
    if (name.startsWith('*.'))
      notes.differs(one, name, 'The wildcard covers one label here, and any number in nginx.')
    return [name]
  })
  if (names.length === 0)
    notes.left(server, 'server', 'It has no name of its own, and only names are served here.')
  return [...new Set(names)]
}

function schemesOf(block: Directive[]): { http: boolean; https: boolean } {
  const listens = block.filter(({ name }) => name === 'listen')
  const https = listens.some(({ args }) => args.includes('ssl') || args.includes('quic'))
  const http =
    listens.length === 0 || listens.some(({ args }) => !args.includes('ssl') && !args.includes('quic'))
  return { http, https }
}

type Redirect = FoundSite['redirect']

/** `return 301 https://$host$request_uri;` */
function redirectOf(block: Directive[]): Redirect {
  const found = block.find(({ name }) => name === 'return')
  return found ? returnedRedirect(found.args) : null
}

function returnedRedirect(args: string[]): Redirect {
  const [first = '', second] = args
  const code = second === undefined ? 302 : Number(first)
  const target = /^(https?):\/\/(?:\$host|\$http_host|\$server_name)(?::\d+)?\$request_uri$/.exec(
    second ?? first,
  )
  if (!target || (code !== 301 && code !== 302 && code !== 307 && code !== 308)) return null
  return { to: target[1] as 'https' | 'http', code }
}

/** `if ($host = shop.test) { return 301 https://$host$request_uri; }`, as Certbot writes it, or by scheme. */
function conditionalRedirects(
  block: Directive[],
  names: string[],
  notes: NoteTaker,
): { names: string[]; redirect: NonNullable<Redirect> }[] {
  const conditions = block.filter(({ name }) => name === 'if')
  return conditions.flatMap((one) => {
    const [only, ...others] = one.block ?? []
    const redirect = only?.name === 'return' && others.length === 0 ? returnedRedirect(only.args) : null
    const condition = one.args.join(' ')
    const host = /^\(\$host = ([\w.-]+)\)$/.exec(condition)?.[1]
    const isScheme = /^\(\$scheme (?:= http|!= https)\)$/.test(condition)
    const named = isScheme ? names : host && names.includes(host) ? [host] : []
    if (redirect && named.length > 0) return [{ names: named, redirect }]
    notes.left(one, 'if', 'Conditions are not taken over.')
    return []
  })
}
