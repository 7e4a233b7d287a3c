import { EdgekeepError } from '../../contract/errors/registry.ts'
import { mostWatches, type Watch, type WatchedServer, type WatchResult } from '../../contract/watch/watch.ts'
import { hostInUrl } from '../../domain/ip-address.ts'
import { inParallel } from '../core/in-parallel.ts'
import { watchedServers } from '../core/settings.ts'
import { announce, commit } from '../core/commit.ts'
import type { Core } from '../core/core.ts'
import { lookAt } from './look-at.ts'

const atOnce = 4
const mostHistory = 20

export function listWatches({ vault }: Core): Watch[] {
  return watchedServers.read(vault)
}

/** @throws `watch.too_many` */
export async function addWatches(
  parts: Core,
  { servers, everyMinutes }: { servers: WatchedServer[]; everyMinutes: number },
): Promise<Watch[]> {
  const { vault, clock } = parts
  const named = new Map(servers.map((server) => [addressOf(server), server]))
  const before = listWatches(parts)
  const known = new Set(before.map(addressOf))
  const added = [...named].flatMap(([address, server]) => (known.has(address) ? [] : [server]))
  if (before.length + added.length > mostWatches)
    throw new EdgekeepError('watch.too_many', { most: mostWatches })
  const addedAt = clock().toISOString()
  const after = [
    ...before.map((watch) => (named.has(addressOf(watch)) ? { ...watch, everyMinutes } : watch)),
    ...added.map(({ host, port }) => ({ host, port, everyMinutes, addedAt, last: null, history: [] })),
  ]
  await commit(parts, () => {
    watchedServers.store(vault, after)
    const record = { servers: [...named.keys()], everyMinutes }
    return { record: { action: 'watch.add', subject: 'watch', before: null, after: record } }
  })
  return after.filter((watch) => named.has(addressOf(watch)))
}

/** @throws `watch.not_found` */
export async function removeWatch(parts: Core, server: WatchedServer): Promise<void> {
  const address = addressOf(server)
  requireWatched(parts, [address])
  await commit(parts, () => {
    const rest = listWatches(parts).filter((watch) => addressOf(watch) !== address)
    watchedServers.store(parts.vault, rest)
    return {
      record: { action: 'watch.remove', subject: 'watch', before: { servers: [address] }, after: null },
    }
  })
}

/** Looks at the servers, or at all, and stores the results. @throws `watch.not_found` */
export async function checkWatches(
  parts: Core,
  { servers }: { servers?: WatchedServer[] },
  signal?: AbortSignal,
): Promise<Watch[]> {
  const addresses = servers && new Set(servers.map(addressOf))
  if (addresses) requireWatched(parts, [...addresses])
  const due = listWatches(parts).filter((watch) => addresses?.has(addressOf(watch)) ?? true)
  for await (const { watch, result } of inParallel(due, atOnce, (each) => looked(parts, each), signal))
    storeResult(parts, watch, result)
  announce(parts)
  return listWatches(parts).filter((watch) => addresses?.has(addressOf(watch)) ?? true)
}

async function looked(parts: Core, watch: Watch): Promise<{ watch: Watch; result: WatchResult }> {
  return { watch, result: await lookAt(parts, watch) }
}

/** Not a change of the configuration: no audit entry and no new version. The watch may be gone meanwhile. */
function storeResult({ vault }: Core, { host, port }: Watch, result: WatchResult): void {
  if (!vault.isOpen()) return
  const after = watchedServers.read(vault).map((watch) => {
    if (watch.host !== host || watch.port !== port) return watch
    const [former] = watch.history
    const isNew = former === undefined || outcomeOf(former) !== outcomeOf(result)
    const history = isNew ? [result, ...watch.history].slice(0, mostHistory) : watch.history
    return { ...watch, last: result, history }
  })
  watchedServers.store(vault, after)
}

/** Text that is equal for results that say the same. */
function outcomeOf({ state, faults, certificate }: WatchResult): string {
  return JSON.stringify([state, faults.map(({ kind }) => kind), certificate?.fingerprintSha256])
}

function requireWatched(parts: Core, addresses: string[]): void {
  const known = new Set(listWatches(parts).map(addressOf))
  const missing = addresses.find((address) => !known.has(address))
  if (missing !== undefined) throw new EdgekeepError('watch.not_found', { server: missing })
}

/** `shop.example:443` */
function addressOf({ host, port }: WatchedServer): string {
  return `${hostInUrl(host.toLowerCase())}:${port}`
}
