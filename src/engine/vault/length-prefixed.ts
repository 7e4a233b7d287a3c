/** Encodes the parts as UTF-8, each after its length in four bytes: no two lists have the same bytes. */
export function lengthPrefixed(parts: readonly string[]): Buffer {
  return Buffer.concat(parts.flatMap((part) => [lengthOf(part), Buffer.from(part, 'utf8')]))
}

function lengthOf(part: string): Buffer {
  const length = Buffer.alloc(4)
  length.writeUInt32BE(Buffer.byteLength(part, 'utf8'))
  return length
}
