/** Lower-case hexadecimal in pairs, `3f:a2:…`. */
export function inPairs(hex: string): string {
  return hex.match(/../g)?.join(':') ?? hex
}

/** First and last eight digits of a long hexadecimal value. */
export function shortHex(hex: string): string {
  return hex.length <= 20 ? hex : `${hex.slice(0, 8)}…${hex.slice(-8)}`
}
