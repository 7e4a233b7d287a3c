import { EdgekeepError } from '../contract/errors/registry.ts'

interface Named {
  id: string
  name: string
}

/**
 * Finds clients by id, or by the start of their name, in any case. Whole words win: `go` means Go, and Google
 * Chrome only without a Go.
 * @throws `trust.no_client` with those of `wanted` that are no client's
 */
export function clientsByName<T extends Named>(clients: readonly T[], wanted: readonly string[]): T[] {
  const found = wanted.map((each) => meant(clients, each))
  const unknown = wanted.filter((_, at) => found[at]?.length === 0)
  if (unknown.length > 0)
    throw new EdgekeepError('trust.no_client', { wanted: unknown, names: clients.map(({ name }) => name) })
  const chosen = new Set(found.flat())
  return clients.filter((client) => chosen.has(client))
}

function meant<T extends Named>(clients: readonly T[], wanted: string): T[] {
  const start = wanted.toLowerCase()
  const begins = clients.filter(({ id, name }) => id === wanted || name.toLowerCase().startsWith(start))
  const wholeWordMatches = begins.filter(
    ({ id, name }) => id === wanted || !/^[\p{L}\p{N}]/u.test(name.slice(start.length)),
  )
  return wholeWordMatches.length > 0 ? wholeWordMatches : begins
}
