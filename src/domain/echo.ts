const longestPart = 24
const shownOfLong = 8
const longest = 80

/**
 * What a person typed where a name belongs, fit to be said back to them in an error. It may be a private
 * key in the wrong field, so of a part without a dot that is longer than names are only the start is said.
 */
export function echoOf(typed: string): string {
  const parts = typed
    .slice(0, 4 * longest)
    .split(/([.\s])/)
    .map((part) => (part.length > longestPart ? `${part.slice(0, shownOfLong)}…` : part))
  const text = parts.join('')
  return text.length > longest || typed.length > 4 * longest ? `${text.slice(0, longest - 1)}…` : text
}
