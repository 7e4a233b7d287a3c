/** Bytes of a file, exclusive of `to`. */
export interface ByteRange {
  from: number
  to: number
}

/** Above the need of any client; a request for more gets the whole file (RFC 9110, section 14.2). */
const mostRanges = 16

/**
 * Parses a Range field for a file of `size` bytes (RFC 9110, section 14.1.2). `whole`: no field, or one to
 * ignore. `unsatisfiable`: all ranges lie behind the end.
 */
export function parseRanges(
  field: string | undefined,
  size: number,
): ByteRange[] | 'whole' | 'unsatisfiable' {
  const set = field === undefined ? null : /^bytes=(.+)$/i.exec(field.trim())
  if (!set) return 'whole'
  const ranges: ByteRange[] = []
  const specs = set[1]!.split(',')
  if (specs.length > mostRanges) return 'whole'
  for (const spec of specs) {
    const match = /^(\d{0,15})-(\d{0,15})$/.exec(spec.trim())
    if (!match || match[0] === '-') return 'whole'
    const [, first, last] = match as unknown as [string, string, string]
    if (first !== '' && last !== '' && Number(last) < Number(first)) return 'whole'
    const from = first === '' ? Math.max(0, size - Number(last)) : Number(first)
    const to = first === '' || last === '' ? size : Math.min(Number(last) + 1, size)
    if (from < to) ranges.push({ from, to })
  }
  if (ranges.length === 0) return 'unsatisfiable'
  // Overlapping ranges would multiply the response.
  const total = ranges.reduce((sum, { from, to }) => sum + to - from, 0)
  return total > size ? 'whole' : ranges
}
