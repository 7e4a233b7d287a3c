/** Formats hexadecimal in lower-case pairs: `3f:a2:…`. */
export function inPairs(hex: string): string {
  return hex.match(/../g)?.join(':') ?? hex
}

export function shortHex(hex: string): string {
  return hex.length <= 20 ? hex : `${hex.slice(0, 8)}…${hex.slice(-8)}`
}

/** Hex dump with offsets, 16 bytes per line. */
export function hexDump(hex: string): string {
  const lines = hex.match(/.{1,32}/g) ?? []
  return lines
    .map((line, index) => `${(index * 16).toString(16).padStart(4, '0')}  ${line.match(/../g)?.join(' ')}`)
    .join('\n')
}
