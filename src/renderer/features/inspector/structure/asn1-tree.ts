import type { Asn1Element } from '../../../../contract/inspect/asn1.ts'

export interface TreeLine {
  element: Asn1Element
  depth: number
  open: boolean
}

/** Visible lines of `root`; `closed` holds the offsets of collapsed elements. */
export function treeLines(root: Asn1Element, closed: ReadonlySet<number>, depth = 0): TreeLine[] {
  const open = root.constructed && !closed.has(root.offset)
  const inside = open ? (root.children ?? []).flatMap((child) => treeLines(child, closed, depth + 1)) : []
  return [{ element: root, depth, open }, ...inside]
}

/** Smallest element that contains the octet at `offset`; null if outside. */
export function elementAt(root: Asn1Element, offset: number): Asn1Element | null {
  const { offset: from, headerLength, length, children = [] } = root
  if (offset < from || offset >= from + headerLength + length) return null
  for (const child of children) {
    const inner = elementAt(child, offset)
    if (inner) return inner
  }
  return root
}
