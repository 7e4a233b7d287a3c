/** A pattern that is not proven to be linear, and why it may stay. */
export interface Unproven {
  pattern: RegExp
  reason: string
}

/** Every other pattern of src is proven by `patterns.ts`. */
export const unprovenPatterns: readonly Unproven[] = [
  {
    pattern:
      /^(?:[A-Za-z0-9_](?:[A-Za-z0-9_.-]{0,253})|\[[0-9A-Fa-f:.]{2,45}\])(?::(?:[1-9]\d{0,3}|[1-5]\d{4}|6[0-4]\d{3}|65[0-4]\d{2}|655[0-2]\d|6553[0-5]))?$/,
    reason:
      'The Host of a request: it is held to the beginning, reads 262 characters at the most, and after the name comes a character that is in none. Automata grow with the bounds, so recheck only tries it.',
  },
]
