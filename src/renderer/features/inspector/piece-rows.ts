import { compareText } from '../../../domain/compare.ts'
import type { Piece } from '../../../contract/inspect/certificate-facts.ts'
import type { Grouped, PieceGroup } from './grouping.ts'

/** A row of the list of pieces. `top` and `height` in pixels: only visible rows are rendered. */
export type PieceRow = { top: number; height: number; key: string } & (
  | { kind: 'summary' }
  /** Name of the certificate above its group; null above single pieces. */
  | { kind: 'heading'; name: string | null }
  | { kind: 'piece'; piece: Piece }
  | { kind: 'no-key' }
)

const heights = { summary: 48, heading: 34, piece: 48, 'no-key': 28 } as const

/** Rows in order: the summary, each certificate with its group, then single pieces. */
export function pieceRows({ groups, alone }: Grouped): PieceRow[] {
  const rows: PieceRow[] = []
  let top = 0
  const add = (row: RowContent, key: string) => {
    const height = heights[row.kind]
    rows.push({ ...row, key, top, height } as PieceRow)
    top += height
  }
  add({ kind: 'summary' }, 'summary')
  for (const { leaf, chain, root, key } of groups.toSorted(byName)) {
    add({ kind: 'heading', name: titleOf(leaf) }, `of ${leaf.id}`)
    // An intermediate is repeated under each of its leaves.
    for (const piece of [leaf, ...chain, ...(root ? [root] : []), ...(key ? [key] : [])])
      add({ kind: 'piece', piece }, `${leaf.id} ${piece.id}`)
    if (!key) add({ kind: 'no-key' }, `no key ${leaf.id}`)
  }
  if (alone.length > 0) add({ kind: 'heading', name: null }, 'alone')
  for (const piece of alone) add({ kind: 'piece', piece }, piece.id)
  return rows
}

function byName(one: PieceGroup, other: PieceGroup): number {
  return compareText(titleOf(one.leaf), titleOf(other.leaf))
}

function titleOf({ certificate, title }: Piece): string {
  return certificate?.title ?? title
}

type RowContent =
  | { kind: 'summary' }
  | { kind: 'heading'; name: string | null }
  | { kind: 'piece'; piece: Piece }
  | { kind: 'no-key' }

/** Rows between `from` and `to` pixels. */
export function rowsBetween(rows: readonly PieceRow[], from: number, to: number): readonly PieceRow[] {
  const first = rows.findIndex(({ top, height }) => top + height >= from)
  const after = rows.findIndex(({ top }) => top > to)
  return first < 0 ? [] : rows.slice(first, after < 0 ? rows.length : after)
}

/** Index of the selectable row that `key` moves to from `current`; `current` if there is none. */
export function rowFor(key: string, rows: readonly PieceRow[], current: number): number {
  const choosable = rows.flatMap(({ kind }, index) => (kind === 'summary' || kind === 'piece' ? [index] : []))
  const at = choosable.indexOf(current)
  const steps = new Map<string, number>(
    Object.entries({
      ArrowDown: at + 1,
      ArrowUp: at - 1,
      PageDown: at + 10,
      PageUp: at - 10,
      Home: 0,
      End: choosable.length - 1,
    }),
  )
  const wanted = steps.get(key) ?? at
  return choosable[Math.min(choosable.length - 1, Math.max(0, wanted))] ?? current
}
