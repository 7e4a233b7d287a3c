import { distance } from 'fastest-levenshtein'

const mostEdits = 3

/**
 * The name that `word` is most likely a misspelling of. At most half of the letters up to the first dot may
 * differ, since names often share the end: `abc.test` and `xyz.test`.
 */
export function nearest(word: string, names: readonly string[]): string | undefined {
  const typed = word.toLowerCase()
  const [label = ''] = typed.split('.')
  const mostHere = Math.min(mostEdits, Math.max(1, Math.floor(label.length / 2)))
  const near = names
    .filter((name) => Math.abs(name.length - typed.length) <= mostHere)
    .map((name) => ({ name, edits: distance(typed, name.toLowerCase()) }))
    .filter(({ edits }) => edits <= mostHere)
  return near.toSorted((one, other) => one.edits - other.edits)[0]?.name
}

/** ` Did you mean "shop.test"?`, or nothing. */
export function formatNearest(name: string | undefined): string {
  return name === undefined ? '' : ` Did you mean "${name}"?`
}
