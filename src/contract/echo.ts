const LONGEST_PART = 24
const SHOWN_OF_LONG = 8
const LONGEST = 80

/**
 * What a person typed where a name belongs, fit to be said back to them in an error. It may be a private
 * key in the wrong field, so of a part without a dot that is longer than names are only the start is said.
 */
export function echoOf(typed: string): string {
  const parts = typed
    .slice(0, 4 * LONGEST)
    .split(/([.\s])/)
    .map((part) => (part.length > LONGEST_PART ? `${part.slice(0, SHOWN_OF_LONG)}…` : part))
  const text = parts.join('')
  return text.length > LONGEST || typed.length > 4 * LONGEST ? `${text.slice(0, LONGEST - 1)}…` : text
}
