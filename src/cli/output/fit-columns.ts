import { formatNumber } from '../../contract/text/count.ts'

export const columnGap = '  '
/** Width below which no column is cut. */
const leastWidth = 12
/** Width of a cell with names, beyond which the others are counted. */
const namesWidth = 40
const nameGap = ', '

/**
 * Widths of the columns of a table, so that its lines fit into `columns`: the widest are cut first. The last
 * one stays, because it may be a sentence, which a terminal wraps.
 */
export function fitColumns(natural: readonly number[], columns = Infinity): number[] {
  const widths = natural.slice(0, -1)
  const last = natural.at(-1) ?? 0
  const limit = columns - Math.min(last, leastWidth) - columnGap.length * widths.length
  while (widths.reduce((sum, width) => sum + width, 0) > limit) {
    const widest = Math.max(...widths)
    if (widest <= leastWidth) break
    widths[widths.indexOf(widest)] = widest - 1
  }
  return [...widths, last]
}

export function cutTo(width: number, cell: string): string {
  return cell.length > width ? `${cell.slice(0, Math.max(0, width - 1))}…` : cell
}

/** Names that fit into a cell, at least one, and the number of the others. */
export function namesCell(names: readonly string[]): string {
  let width = -nameGap.length
  const cut = names.findIndex((name) => (width += nameGap.length + name.length) > namesWidth)
  const shown = cut < 0 ? names.length : Math.max(1, cut)
  const others = names.length - shown
  return others > 0
    ? `${names.slice(0, shown).join(nameGap)} and ${formatNumber(others)} more`
    : names.join(nameGap)
}
