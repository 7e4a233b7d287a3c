import { Resolver } from 'node:dns/promises'
import { hostInUrl } from '../../../domain/ip-address.ts'
import { orNone } from './txt-lookup.ts'

export interface NameServer {
  name: string
  addresses: string[]
}

export interface Zone {
  /** Name after following all aliases (CNAME). */
  name: string
  servers: NameServer[]
}

/** Values of a TXT record, empty without one; `reason`: the server does not answer for the zone. */
export type TxtAnswer = { values: string[] } | { reason: string }

const timeoutMs = 2_500
const mostAliases = 8
const mostServers = 12
/** Addresses per family. */
const mostAddresses = 2

/** Queries authoritative servers, past the caches of resolvers. */
export type NameServers = ReturnType<typeof nameServersBy>

/**
 * @param place `resolver`: addresses with ports, by default those of the system. `portAt`: address and port
 *   for queries to a name server's address, by default its port 53.
 */
export function nameServersBy(
  place: { resolver?: readonly string[]; portAt?: (address: string) => string } = {},
) {
  const { resolver, portAt = (address) => `${hostInUrl(address)}:53` } = place
  return {
    /** The authoritative servers for a name; empty if the zone cannot be found from here. */
    find: (name: string, signal: AbortSignal | undefined) =>
      withResolver(resolver, signal, (asked) => zoneOf(asked, name)),
    ask: (server: NameServer, name: string, signal: AbortSignal | undefined) =>
      Promise.all(
        server.addresses.map(async (address) => {
          const at = [portAt(address)]
          return { address, ...(await withResolver(at, signal, (asked) => txtOf(asked, name))) }
        }),
      ),
  }
}

/** A resolver per question, since cancelling ends all queries of a resolver. */
async function withResolver<T>(
  servers: readonly string[] | undefined,
  signal: AbortSignal | undefined,
  use: (resolver: Resolver) => Promise<T>,
): Promise<T> {
  signal?.throwIfAborted()
  const resolver = new Resolver({ timeout: timeoutMs, tries: 2 })
  if (servers) resolver.setServers(servers)
  const cancel = () => resolver.cancel()
  signal?.addEventListener('abort', cancel, { once: true })
  try {
    return await use(resolver)
  } finally {
    signal?.removeEventListener('abort', cancel)
    signal?.throwIfAborted()
  }
}

async function zoneOf(resolver: Resolver, wanted: string): Promise<Zone> {
  const name = await afterAliases(resolver, wanted)
  for (let at = name; at !== ''; at = parentOf(at)) {
    const found = await orNone(resolver.resolveNs(at))
    if (found.length === 0) continue
    const names = [...new Set(found.map((server) => server.toLowerCase()))].toSorted().slice(0, mostServers)
    const servers = await Promise.all(
      names.map(async (server) => ({ name: server, addresses: await addressesOf(resolver, server) })),
    )
    return { name, servers }
  }
  return { name, servers: [] }
}

/** CNAME chain (RFC 1034, section 3.6.2), which authorities follow too (RFC 8555, section 8.4). */
async function afterAliases(resolver: Resolver, wanted: string): Promise<string> {
  let name = wanted.toLowerCase()
  for (let count = 0; count < mostAliases; count += 1) {
    const [next] = await orNone(resolver.resolveCname(name))
    if (next === undefined || next === '') return name
    name = next.toLowerCase()
  }
  return name
}

function parentOf(name: string): string {
  const dot = name.indexOf('.')
  return dot < 0 ? '' : name.slice(dot + 1)
}

async function addressesOf(resolver: Resolver, server: string): Promise<string[]> {
  const families = await Promise.allSettled([resolver.resolve4(server), resolver.resolve6(server)])
  return families.flatMap((each) => (each.status === 'fulfilled' ? each.value.slice(0, mostAddresses) : []))
}

async function txtOf(resolver: Resolver, name: string): Promise<TxtAnswer> {
  try {
    return { values: (await orNone(resolver.resolveTxt(name))).map((parts) => parts.join('')) }
  } catch (error) {
    const { code = 'no answer' } = error as NodeJS.ErrnoException
    return { reason: code }
  }
}
