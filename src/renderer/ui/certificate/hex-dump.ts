/** `hex` as a dump with offsets, sixteen bytes a line. */
export function hexDump(hex: string): string {
  const lines = hex.match(/.{1,32}/g) ?? []
  return lines
    .map((line, index) => `${(index * 16).toString(16).padStart(4, '0')}  ${line.match(/../g)?.join(' ')}`)
    .join('\n')
}
