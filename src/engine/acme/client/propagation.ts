import type { AskedServer } from '../../../contract/errors/asked-server.ts'
import { EdgekeepError } from '../../../contract/errors/registry.ts'
import { visibleText } from '../../../contract/text/visible-text.ts'
import { waitFor } from './retry-after.ts'
import type { NameServer, NameServers, Zone } from './name-servers.ts'

/*
 * Threat: a zone's NS records choose the servers that are asked, so they may be anybody's. Only a query for one TXT record is
 * sent, to port 53 of a bounded number of servers for a bounded time; answers are only compared and,
 * truncated and made visible, shown.
 */

const firstPauseMs = 1_000
const longestPauseMs = 10_000
/** A server is given up after this many silent rounds: the path from here may be closed. */
const silentRounds = 3
const maxShownLength = 120
const mostValues = 4

/** `unknown`: no server of the zone can be found from here, or none answers. */
export type Propagation = 'everywhere' | 'unknown'

/**
 * Waits until every name server of the zone has the record, since a challenge that is answered too early
 * fails and counts at the authority.
 * @param onRound called after every round
 * @throws `acme.dns_not_propagated`; rejects with the reason of `signal`
 */
export async function waitForRecord(
  record: { name: string; value: string },
  of: {
    nameServers: NameServers
    waitSeconds: number
    signal: AbortSignal | undefined
    onRound: (servers: AskedServer[]) => void
  },
): Promise<Propagation> {
  const { nameServers, waitSeconds, signal, onRound } = of
  const endAt = performance.now() + waitSeconds * 1000
  const zone = await findZone(nameServers, record.name, signal)
  if (!zone) return 'unknown'
  for (let round = 1; ; round += 1) {
    const servers = await askAll(nameServers, zone, record.value, signal)
    onRound(servers)
    const isOver = performance.now() >= endAt
    const states = servers.map(({ state }) => state)
    const isMissing = states.includes('missing')
    const waitsForSilent = states.includes('silent') && round < silentRounds && !isOver
    if (!isMissing && !waitsForSilent) return states.includes('found') ? 'everywhere' : 'unknown'
    if (isOver) {
      const { name, value } = record
      throw new EdgekeepError('acme.dns_not_propagated', { name, value, seconds: waitSeconds, servers })
    }
    const pauseMs = Math.min(longestPauseMs, firstPauseMs * 1.5 ** (round - 1))
    await waitFor(Math.max(0, Math.min(pauseMs, endAt - performance.now())), signal)
  }
}

/** Null if the servers cannot be found. */
async function findZone(
  nameServers: NameServers,
  name: string,
  signal: AbortSignal | undefined,
): Promise<Zone | null> {
  try {
    const zone = await nameServers.find(name, signal)
    return zone.servers.some(({ addresses }) => addresses.length > 0) ? zone : null
  } catch {
    // A failing resolver here does not fail the order: the authority uses its own.
    signal?.throwIfAborted()
    return null
  }
}

function askAll(
  nameServers: NameServers,
  { name, servers }: Zone,
  value: string,
  signal: AbortSignal | undefined,
): Promise<AskedServer[]> {
  return Promise.all(servers.map((server) => askOne(nameServers, server, { name, value, signal })))
}

/** Worst result among a server's addresses: missing before found; silent only if none answers. */
async function askOne(
  nameServers: NameServers,
  server: NameServer,
  { name, value, signal }: { name: string; value: string; signal: AbortSignal | undefined },
): Promise<AskedServer> {
  const answers = await nameServers.ask(server, name, signal)
  const shown = (address: string | undefined) =>
    visibleText(address === undefined ? server.name : `${server.name} (${address})`)
  const lacking = answers.find((answer) => 'values' in answer && !answer.values.includes(value))
  if (lacking && 'values' in lacking)
    return { server: shown(lacking.address), state: 'missing', says: formatValues(lacking.values) }
  const having = answers.find((answer) => 'values' in answer)
  if (having) return { server: shown(having.address), state: 'found', says: formatValues([value]) }
  const [first] = answers
  const says = first && 'reason' in first ? first.reason : 'it has no address'
  return { server: shown(first?.address), state: 'silent', says }
}

function formatValues(values: readonly string[]): string {
  const some = values.slice(0, mostValues).map((text) => {
    const cut = text.length > maxShownLength ? `${text.slice(0, maxShownLength)}…` : text
    return `"${visibleText(cut)}"`
  })
  return values.length > mostValues
    ? `${some.join(', ')} and ${values.length - mostValues} more`
    : some.join(', ')
}
