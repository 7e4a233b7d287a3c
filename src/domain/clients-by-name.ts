interface Named {
  id: string
  name: string
}

/**
 * The clients that are meant by ids, or by how their names begin, in any case. Whole words come first: `go` means Go,
 * and Google Chrome only where there is no Go.
 */
export function clientsByName<T extends Named>(clients: readonly T[], wanted: readonly string[]): T[] {
  const chosen = new Set(wanted.flatMap((each) => meant(clients, each)))
  return clients.filter((client) => chosen.has(client))
}

function meant<T extends Named>(clients: readonly T[], wanted: string): T[] {
  const start = wanted.toLowerCase()
  const begins = clients.filter(({ id, name }) => id === wanted || name.toLowerCase().startsWith(start))
  const byWords = begins.filter(
    ({ id, name }) => id === wanted || !/^[\p{L}\p{N}]/u.test(name.slice(start.length)),
  )
  return byWords.length > 0 ? byWords : begins
}
