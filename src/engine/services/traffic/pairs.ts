/** Names and values by turns, as pairs. */
export function pairsOf(fields: readonly string[]): [name: string, value: string][] {
  return fields.flatMap((name, at): [string, string][] =>
    at % 2 === 0 ? [[name, fields[at + 1] ?? '']] : [],
  )
}
