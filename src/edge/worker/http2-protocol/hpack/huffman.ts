/**
 * Huffman code of RFC 7541, appendix B. It is canonical, so that the lengths of the codes (bits for the octets
 * 0 to 255 and the end of a string) determine it. Decoding goes by half octets: no code is shorter than five
 * bits, so that each half completes one symbol at most.
 */
const lengths = Uint8Array.from(
  (
    '13 23 28 28 28 28 28 28 28 24 30 28 28 30 28 28 28 28 28 28 28 28 30 28 28 28 28 28 28 28 28 28 ' +
    '6 10 10 12 13 6 8 11 10 10 8 11 8 6 6 6 5 5 5 6 6 6 6 6 6 6 7 8 15 6 12 10 ' +
    '13 6 7 7 7 7 7 7 7 7 7 7 7 7 7 7 7 7 7 7 7 7 7 7 8 7 8 13 19 13 14 6 ' +
    '15 5 6 5 6 5 6 6 6 5 7 7 6 6 6 5 6 7 6 5 5 6 7 7 7 7 7 15 11 14 13 28 ' +
    '20 22 20 20 22 22 22 23 22 23 23 23 23 23 24 23 24 24 22 23 24 23 23 23 23 21 22 23 22 23 23 24 ' +
    '22 21 20 22 22 23 23 21 23 22 22 24 21 22 23 23 21 21 22 21 23 22 23 23 20 22 22 22 23 22 22 23 ' +
    '26 26 20 19 22 23 22 25 26 26 26 27 27 26 24 25 19 21 26 27 27 26 27 24 21 21 26 26 28 27 27 27 ' +
    '20 24 20 21 22 21 21 23 22 22 25 25 24 24 26 23 26 27 26 26 27 27 27 27 27 28 27 27 27 27 27 26 30'
  )
    .split(' ')
    .map(Number),
)
const endOfString = 256
const codes = canonicalCodes()

/** Transitions of the decoder by `state * 16 + half octet`. State 0 is the beginning of a symbol. */
const nextStates = new Uint16Array(256 * 16)
/** Completed symbol of a transition; -1 for none. */
const symbols = new Int16Array(256 * 16).fill(-1)
/** States in which a string may end: at most seven bits of padding, all ones. */
const mayEnd = new Uint8Array(256)
const invalidState = 0xffff
buildDecoder()

/** Octets of `text` (Latin-1) in Huffman code. */
export function huffmanLength(text: string): number {
  let bits = 0
  for (let at = 0; at < text.length; at += 1) bits += lengths[text.charCodeAt(at)]!
  return (bits + 7) >> 3
}

/** Writes `text` at `at` and returns the end. */
export function writeHuffman(to: Uint8Array, at: number, text: string): number {
  let next = at
  let pending = 0
  let bits = 0
  for (let each = 0; each < text.length; each += 1) {
    const code = text.charCodeAt(each)
    const length = lengths[code]!
    if (bits + length > 31) {
      // At most 7 bits are pending, so that the upper part of the code fills them.
      const upper = length - 16
      pending = (pending << upper) | (codes[code]! >>> 16)
      bits += upper
      while (bits >= 8) to[next++] = pending >>> (bits -= 8)
      pending = ((pending & 0xff) << 16) | (codes[code]! & 0xffff)
      bits += 16
    } else {
      pending = (pending << length) | codes[code]!
      bits += length
    }
    while (bits >= 8) to[next++] = pending >>> (bits -= 8)
    pending &= 0xff
  }
  if (bits > 0) to[next++] = (pending << (8 - bits)) | (0xff >> bits)
  return next
}

/** Decodes the octets `from` to `end` to `to`; returns their number, or -1 for an invalid code. */
export function readHuffman(bytes: Uint8Array, from: number, end: number, to: Uint8Array): number {
  let state = 0
  let length = 0
  for (let at = from; at < end; at += 1) {
    const octet = bytes[at]!
    let step = (state << 4) | (octet >> 4)
    if (symbols[step]! >= 0) to[length++] = symbols[step]!
    state = nextStates[step]!
    if (state === invalidState) return -1
    step = (state << 4) | (octet & 15)
    if (symbols[step]! >= 0) to[length++] = symbols[step]!
    state = nextStates[step]!
    if (state === invalidState) return -1
  }
  return mayEnd[state] === 1 ? length : -1
}

function canonicalCodes(): Uint32Array {
  const order = [...lengths.keys()].sort((a, b) => lengths[a]! - lengths[b]! || a - b)
  const found = new Uint32Array(lengths.length)
  let code = 0
  let length = 0
  for (const symbol of order) {
    code = (code << (lengths[symbol]! - length)) >>> 0
    length = lengths[symbol]!
    found[symbol] = code
    code += 1
  }
  return found
}

/** Inner nodes of the code's tree: the number of the next node, or -1 minus a symbol. */
function buildTree(): Int16Array {
  const tree = new Int16Array(2 * 256)
  let nodes = 1
  for (let symbol = 0; symbol < lengths.length; symbol += 1) {
    let node = 0
    for (let bit = lengths[symbol]! - 1; bit > 0; bit -= 1) {
      const branch = 2 * node + ((codes[symbol]! >>> bit) & 1)
      if (tree[branch] === 0) tree[branch] = nodes++
      node = tree[branch]!
    }
    tree[2 * node + (codes[symbol]! & 1)] = -1 - symbol
  }
  return tree
}

function buildDecoder(): void {
  const tree = buildTree()
  for (let state = 0; state < 256; state += 1) {
    for (let half = 0; half < 16; half += 1) buildStep(tree, state, half)
  }
  for (let node = 0, bits = 0; bits < 8; bits += 1) {
    mayEnd[node] = 1
    node = tree[2 * node + 1]!
  }
}

function buildStep(tree: Int16Array, state: number, half: number): void {
  const step = (state << 4) | half
  let node = state
  for (let bit = 3; bit >= 0; bit -= 1) {
    const next = tree[2 * node + ((half >> bit) & 1)]!
    if (next === -1 - endOfString) {
      nextStates[step] = invalidState
      return
    }
    if (next < 0) symbols[step] = -1 - next
    node = next < 0 ? 0 : next
  }
  nextStates[step] = node
}
