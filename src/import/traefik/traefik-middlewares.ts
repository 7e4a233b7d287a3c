import { z } from 'zod'
import type { HeaderRule } from '../../contract/domains/header-rules.ts'
import type { FoundSite } from '../setup/found.ts'
import { addHeaderRule } from '../setup/header-rule.ts'
import type { NoteTaker } from '../setup/notes.ts'
import { type Dynamic, type Middleware, ownName, type Placed } from './traefik-dynamic.ts'

/** Kinds that keep requests away from the service. */
const restricting = new Set([
  'basicauth',
  'digestauth',
  'forwardauth',
  'ipallowlist',
  'ipwhitelist',
  'passtlsclientcert',
  'plugin',
])

/** Kinds that change no answer, or that the edge has by itself. */
const quiet = new Set(['compress', 'retry', 'circuitbreaker', 'contenttype', 'grpcweb'])

const chainSchema = z.looseObject({ middlewares: z.array(z.string()) })
const schemeSchema = z.looseObject({
  scheme: z.string().default('https'),
  permanent: z.boolean().default(false),
})
const stripSchema = z.looseObject({ prefixes: z.array(z.string()) })
const bufferingSchema = z.looseObject({ maxrequestbodybytes: z.int().optional() })
const headersSchema = z.looseObject({
  customrequestheaders: z.looseObject({}).default({}),
  customresponseheaders: z.looseObject({}).default({}),
  stsseconds: z.int().default(0),
  stsincludesubdomains: z.boolean().default(false),
  stspreload: z.boolean().default(false),
})

/** Middlewares of a router in their order, with the members of chains in their place. */
export function middlewaresOf(
  names: string[],
  { middlewares }: Dynamic,
  { notes, at }: { notes: NoteTaker; at: Placed<unknown>['at'] },
  depth = 0,
): { kind: string; given: Placed<unknown> }[] {
  return names.flatMap((written) => {
    const found = middlewares.get(ownName(written))
    if (!found || depth > 8) {
      // Fails closed: it may be the login.
      notes.left(at, written, 'This middleware is not in the files that were read.')
      return [{ kind: 'unknown', given: { value: null, at } }]
    }
    return Object.entries<unknown>(found.value satisfies Middleware).flatMap(([kind, value]) => {
      const chain = kind === 'chain' ? chainSchema.safeParse(value).data : undefined
      return chain
        ? middlewaresOf(chain.middlewares, { middlewares } as Dynamic, { notes, at: found.at }, depth + 1)
        : [{ kind, given: { value, at: found.at } }]
    })
  })
}

export interface Applied {
  /** Paths that are removed from requests. */
  strips: string[]
  /** Host header for the origin; null passes on the client's. */
  host: string | null
}

/** Applies the middlewares of a router for all paths of a site, or for one path, of which only few are taken over. */
export function applyMiddlewares(
  site: FoundSite,
  used: { kind: string; given: Placed<unknown> }[],
  { isRoot, notes }: { isRoot: boolean; notes: NoteTaker },
): Applied {
  const strips: string[] = []
  let host: string | null = null
  for (const { kind, given } of used) {
    if (kind === 'unknown' || restricting.has(kind))
      site.restrictedBy ??= kind === 'unknown' ? 'a middleware' : kind
    else if (kind === 'stripprefix') strips.push(...(stripSchema.safeParse(given.value).data?.prefixes ?? []))
    else if (kind === 'redirectscheme') site.redirect = redirectOf(given.value) ?? site.redirect
    else if (isRoot && kind === 'headers') host = addHeaders(site, given, notes) ?? host
    else if (isRoot && kind === 'buffering')
      site.maxBytes = bufferingSchema.safeParse(given.value).data?.maxrequestbodybytes ?? null
    else if (!quiet.has(kind))
      notes.left(
        given.at,
        kind,
        isRoot ? 'This middleware is not taken over.' : 'It is not taken over for a part of a domain.',
      )
  }
  return { strips, host }
}

function redirectOf(value: unknown): FoundSite['redirect'] {
  const { scheme, permanent } = schemeSchema.safeParse(value).data ?? { scheme: '', permanent: false }
  return scheme === 'https' || scheme === 'http' ? { to: scheme, code: permanent ? 301 : 302 } : null
}

/** Switches of `headers` with the fields that they set. */
const switches = new Map<string, [string, (value: unknown) => string | null]>([
  ['framedeny', ['X-Frame-Options', (value) => (value === true ? 'DENY' : null)]],
  ['customframeoptionsvalue', ['X-Frame-Options', textOf]],
  ['contenttypenosniff', ['X-Content-Type-Options', (value) => (value === true ? 'nosniff' : null)]],
  ['browserxssfilter', ['X-XSS-Protection', (value) => (value === true ? '1; mode=block' : null)]],
  ['custombrowserxssvalue', ['X-XSS-Protection', textOf]],
  ['contentsecuritypolicy', ['Content-Security-Policy', textOf]],
  ['referrerpolicy', ['Referrer-Policy', textOf]],
  ['permissionspolicy', ['Permissions-Policy', textOf]],
])

function textOf(value: unknown): string | null {
  return typeof value === 'string' && value !== '' ? value : null
}

function fieldsOf(fields: object): [string, string][] {
  return Object.entries<unknown>({ ...fields }).flatMap(([name, text]): [string, string][] =>
    typeof text === 'string' ? [[name, text]] : [],
  )
}

/** Returns the Host header for the origin; null without one. */
function addHeaders(site: FoundSite, { value, at }: Placed<unknown>, notes: NoteTaker): string | null {
  const parsed = headersSchema.safeParse(value)
  if (!parsed.success) {
    notes.left(at, 'headers', 'It is not in the form of Traefik’s headers.')
    return null
  }
  const { customrequestheaders, customresponseheaders, stsseconds: seconds, ...given } = parsed.data
  const rule = (on: HeaderRule['on'], name: string, text: string): HeaderRule => ({
    on,
    action: text === '' ? 'drop' : 'set',
    name,
    value: text,
  })
  const flags = `${given.stsincludesubdomains ? '; includeSubDomains' : ''}${given.stspreload ? '; preload' : ''}`
  const fixed = Object.entries<unknown>(given).flatMap(([key, written]) => {
    const [name = '', read] = switches.get(key) ?? []
    const text = read?.(written) ?? null
    return text === null ? [] : [rule('response', name, text)]
  })
  const rules = [
    ...fieldsOf(customrequestheaders).map(([name, text]) => rule('request', name, text)),
    ...fieldsOf(customresponseheaders).map(([name, text]) => rule('response', name, text)),
    ...fixed,
    ...(seconds > 0 ? [rule('response', 'strict-transport-security', `max-age=${seconds}${flags}`)] : []),
  ]
  for (const each of rules) addHeaderRule(site, each, { at, what: each.name, variable: '{{' }, notes)
  return textOf(fieldsOf(customrequestheaders).find(([name]) => name === 'host')?.[1])
}
