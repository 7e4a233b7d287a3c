/** A map that keeps the entries used last, at most `limit` of them. */
export function createRecentMap<V>(limit: number): {
  get(key: string): V | undefined
  set(key: string, value: V): void
} {
  const entries = new Map<string, V>()
  return {
    get(key) {
      const value = entries.get(key)
      if (value === undefined) return undefined
      // A map keeps insertion order: put back at its end, the entry is the last to go.
      entries.delete(key)
      entries.set(key, value)
      return value
    },
    set(key, value) {
      if (entries.size >= limit) entries.delete(entries.keys().next().value as string)
      entries.set(key, value)
    },
  }
}
