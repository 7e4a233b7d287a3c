import { type HeaderRule, headerRuleFault } from '../../contract/domains/header-rules.ts'
import type { FoundSite } from '../setup/found.ts'
import { hstsFromHeader } from '../setup/hsts-header.ts'
import type { NoteTaker } from '../setup/notes.ts'
import { fieldValuesSchema, type Handler, type HeaderOps, proxyHeadersSchema } from './caddy-schema.ts'

/** Adds the rules of a `headers` handler to the site. */
export function addHeaders(
  site: FoundSite,
  { request, response }: Pick<Handler, 'request' | 'response'>,
  notes: NoteTaker,
): void {
  for (const rule of [...rulesOf('request', request), ...rulesOf('response', response)]) {
    if (rule.on === 'request' && rule.name.toLowerCase() === 'host') continue
    if (rule.name.toLowerCase() === 'strict-transport-security' && rule.on === 'response')
      site.hsts = hstsFromHeader(rule.value)
    else if (rule.value.includes('{') || headerRuleFault(rule) !== null)
      notes.left(
        site,
        'headers',
        'A header with a placeholder, or one that the edge does not set, is not taken over.',
      )
    else site.headers.push(rule)
  }
}

function rulesOf(on: HeaderRule['on'], ops: HeaderOps | undefined): HeaderRule[] {
  const named = (action: 'set' | 'add', fields: HeaderOps['set']) =>
    Object.entries(fields ?? {}).flatMap(([name, values]) =>
      valuesOf(values).map((value) => ({ on, action, name, value })),
    )
  const dropped = (ops?.delete ?? []).map((name) => ({ on, action: 'drop' as const, name, value: '' }))
  return [...named('set', ops?.set), ...named('add', ops?.add), ...dropped]
}

function valuesOf(values: unknown): string[] {
  const parsed = fieldValuesSchema.safeParse(values)
  return parsed.success ? parsed.data : []
}

/** Adds the rules of a proxy to the site, apart from the Host header. */
export function addProxyHeaders(site: FoundSite, headers: unknown, notes: NoteTaker): void {
  const parsed = proxyHeadersSchema.safeParse(headers)
  if (parsed.success) addHeaders(site, parsed.data, notes)
}

/** Host header of a proxy; null passes on the client's, as Caddy does by default. */
export function proxiedHost(headers: unknown, dial: string): string | null {
  const parsed = proxyHeadersSchema.safeParse(headers)
  const set = parsed.success ? parsed.data.request?.set : undefined
  const found = Object.entries(set ?? {}).find(([name]) => name.toLowerCase() === 'host')
  const [host] = valuesOf(found?.[1])
  if (host === '{http.reverse_proxy.upstream.hostport}') return dial
  return host === undefined || host.includes('{') ? null : host
}
