const longestPart = 24
const shownOfLong = 8
const longest = 80

/**
 * Cuts and cleans a mistyped name for an error message. It may be a private key in the wrong field, so only
 * the start is shown of a dotless part that is longer than names are.
 */
export function echoOf(typed: string): string {
  const parts = typed
    .slice(0, 4 * longest)
    .split(/([.\s])/)
    .map((part) => (part.length > longestPart ? `${part.slice(0, shownOfLong)}…` : part))
  const text = parts.join('')
  return text.length > longest || typed.length > 4 * longest ? `${text.slice(0, longest - 1)}…` : text
}
