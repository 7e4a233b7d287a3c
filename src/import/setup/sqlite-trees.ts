/*
 * Threat model: SQLite reads its schema and statistics when a database is opened, and trusts the pages of a tree to
 * be its own. A few pages that lead to each other again and again are read for ever, and no call can be
 * interrupted. So the trees of a file are walked before it is opened (https://sqlite.org/fileformat2.html, section 1.6).
 */

const headerBytes = 100
const leastCellBytes = 4
const mostSchemaRows = 5000

/** Kinds of pages by their first byte. */
const tableInterior = 5
const tableLeaf = 13
const indexInterior = 2
const indexLeaf = 10

/** @throws RangeError unless each page is in one tree, once, and all cells together are no larger than the file */
export function requireTrees(file: Buffer): void {
  const pageBytes = file.readUInt16BE(16) === 1 ? 65_536 : file.readUInt16BE(16)
  if (pageBytes < 512) throw new RangeError('its pages are too small')
  const usable = pageBytes - file.readUInt8(20)
  const seen = new Set<number>()
  let bytesLeft = file.length

  /** Calls `row` with the payload of each row of a table, as far as it is on its page. */
  function walk(root: number, row: (payload: Buffer) => void = () => undefined): void {
    for (const pages = [root]; pages.length > 0;) {
      const number = pages.pop() ?? 0
      if (number < 1 || number * pageBytes > file.length || seen.has(number))
        throw new RangeError('its trees share a page, or lead out of the file')
      seen.add(number)
      const page = file.subarray((number - 1) * pageBytes, number * pageBytes)
      const { kind, cells, right } = pageOf(page, number === 1 ? headerBytes : 0)
      if (right !== null) pages.push(right)
      for (const cell of cells) {
        if (right !== null) pages.push(page.readUInt32BE(cell))
        if (kind === tableInterior) continue
        const [size, at] = varint(page, cell + (kind === indexInterior ? 4 : 0))
        bytesLeft -= size + leastCellBytes
        if (bytesLeft < 0) throw new RangeError('its cells are larger than the file')
        const [, start] = varint(page, at)
        if (kind === tableLeaf) row(page.subarray(start, start + bytesOnPage(size, usable)))
      }
    }
  }

  const roots: number[] = []
  walk(1, (payload) => void roots.push(rootIn(payload)))
  if (roots.length > mostSchemaRows) throw new RangeError('its schema is too large')
  for (const root of roots) if (root !== 0) walk(root)
}

/** Bytes of a row's payload that are not on overflow pages. */
function bytesOnPage(size: number, usable: number): number {
  const most = usable - 35
  if (size <= most) return size
  const least = Math.floor(((usable - 12) * 32) / 255) - 23
  const wanted = least + ((size - least) % (usable - 4))
  return wanted <= most ? wanted : least
}

/** `right` is the last child; null for a leaf. */
function pageOf(page: Buffer, header: number): { kind: number; cells: number[]; right: number | null } {
  const kind = page.readUInt8(header)
  const isInterior = kind === tableInterior || kind === indexInterior
  if (!isInterior && kind !== tableLeaf && kind !== indexLeaf)
    throw new RangeError('it has a page of no kind')
  const first = header + (isInterior ? 12 : 8)
  const count = page.readUInt16BE(header + 3)
  const cells = Array.from({ length: count }, (_, index) => page.readUInt16BE(first + 2 * index))
  return { kind, cells, right: isInterior ? page.readUInt32BE(header + 8) : null }
}

/** Fourth column of a row of the schema: the root page; 0 for a view or a trigger. */
function rootIn(payload: Buffer): number {
  const [headerEnd, firstType] = varint(payload, 0)
  let type = firstType
  let column = headerEnd
  for (let skipped = 0; skipped < 3; skipped += 1) {
    const [serial, next] = varint(payload, type)
    column += contentBytes(serial)
    type = next
  }
  const [serial, end] = varint(payload, type)
  if (end > headerEnd || serial === 5 || serial === 6 || serial === 7 || serial > 9)
    throw new RangeError('its schema has a root that is none')
  if (serial === 9) return 1
  return contentBytes(serial) === 0 ? 0 : payload.readIntBE(column, contentBytes(serial))
}

/** Bytes of a value by its serial type (section 2.1). */
function contentBytes(serial: number): number {
  if (serial >= 12) return Math.floor((serial - 12) / 2)
  return [0, 1, 2, 3, 4, 6, 8, 8, 0, 0][serial] ?? 0
}

/** Value, and the place after it. No value here needs more than five bytes, but a row's number may. */
function varint(bytes: Buffer, at: number): [value: number, next: number] {
  let value = 0
  for (let index = 0; index < 8; index += 1) {
    const byte = bytes.readUInt8(at + index)
    value = value * 128 + (byte & 127)
    if (byte < 128) return [value, at + index + 1]
  }
  return [value * 256 + bytes.readUInt8(at + 8), at + 9]
}
