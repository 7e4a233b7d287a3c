import type { AskedServer } from '../../../contract/asked-server.ts'
import { EdgekeepError } from '../../../contract/errors.ts'
import { visibleText } from '../../../contract/text/visible-text.ts'
import { waitFor } from './retry-after.ts'
import type { NameServer, NameServers, Zone } from './name-servers.ts'

/*
 * Threat: who answers for a zone is told by the DNS, and may be anybody. All that is sent is the question for
 * one TXT record at the port of the DNS, to so many servers and for so long; answers are only compared and,
 * cut and made visible, shown.
 */

const firstPauseMs = 1_000
const longestPauseMs = 10_000
/** A server that has not answered so often in a row is no longer waited for: the path from here may be closed. */
const silentRounds = 3
const longestSaid = 120
const mostValues = 4

/** `unknown`: the servers of the zone cannot be found from here, or none of them answers. */
export type Propagation = 'everywhere' | 'unknown'

/**
 * Waits until every name server of the zone has the record, since a challenge that is answered too early fails
 * and counts at the authority.
 * @param tell called after every round
 * @throws `acme.dns_not_propagated`; rejects with the reason of `signal`
 */
export async function waitForRecord(
  record: { name: string; value: string },
  of: {
    nameServers: NameServers
    waitSeconds: number
    signal: AbortSignal | undefined
    tell: (servers: AskedServer[]) => void
  },
): Promise<Propagation> {
  const { nameServers, waitSeconds, signal, tell } = of
  const endAt = performance.now() + waitSeconds * 1000
  const zone = await findZone(nameServers, record.name, signal)
  if (!zone) return 'unknown'
  for (let round = 1; ; round += 1) {
    const servers = await askAll(nameServers, zone, record.value, signal)
    tell(servers)
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

/** Null where the servers cannot be found. */
async function findZone(
  nameServers: NameServers,
  name: string,
  signal: AbortSignal | undefined,
): Promise<Zone | null> {
  try {
    const zone = await nameServers.find(name, signal)
    return zone.servers.some(({ addresses }) => addresses.length > 0) ? zone : null
  } catch {
    // A resolver that fails is no reason to fail the order: the authority asks its own.
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

/** Of a server with several addresses: one that lacks the record before one that has it, silence last. */
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
    return { server: shown(lacking.address), state: 'missing', says: saidBy(lacking.values) }
  const having = answers.find((answer) => 'values' in answer)
  if (having) return { server: shown(having.address), state: 'found', says: saidBy([value]) }
  const [first] = answers
  const says = first && 'reason' in first ? first.reason : 'it has no address'
  return { server: shown(first?.address), state: 'silent', says }
}

function saidBy(values: readonly string[]): string {
  const some = values.slice(0, mostValues).map((text) => {
    const cut = text.length > longestSaid ? `${text.slice(0, longestSaid)}…` : text
    return `"${visibleText(cut)}"`
  })
  return values.length > mostValues
    ? `${some.join(', ')} and ${values.length - mostValues} more`
    : some.join(', ')
}
