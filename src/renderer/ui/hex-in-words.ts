/** Lower-case hexadecimal in pairs, `3f:a2:…`. */
export function inPairs(hex: string): string {
  return hex.match(/../g)?.join(':') ?? hex
}

/** First and last eight digits of a long hexadecimal value. */
export function shortHex(hex: string): string {
  return hex.length <= 20 ? hex : `${hex.slice(0, 8)}…${hex.slice(-8)}`
}

/** `hex` as a dump with offsets, sixteen bytes a line. */
export function hexDump(hex: string): string {
  const lines = hex.match(/.{1,32}/g) ?? []
  return lines
    .map((line, index) => `${(index * 16).toString(16).padStart(4, '0')}  ${line.match(/../g)?.join(' ')}`)
    .join('\n')
}
