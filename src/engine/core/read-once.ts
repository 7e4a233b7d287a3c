/** Reads the value of each key once; for a run over many rows that share few keys. */
export function readOnce<Key, Value>(read: (key: Key) => Value): (key: Key) => Value {
  const known = new Map<Key, Value>()
  return (key) => {
    const found = known.get(key)
    if (found !== undefined || known.has(key)) return found as Value
    const value = read(key)
    known.set(key, value)
    return value
  }
}
