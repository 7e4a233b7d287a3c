interface Named {
  id: string
  name: string
}

/**
 * Finds clients by id, or by the start of their name, in any case. Whole words win: `go` means Go, and Google
 * Chrome only without a Go.
 */
export function clientsByName<T extends Named>(clients: readonly T[], wanted: readonly string[]): T[] {
  const chosen = new Set(wanted.flatMap((each) => meant(clients, each)))
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
