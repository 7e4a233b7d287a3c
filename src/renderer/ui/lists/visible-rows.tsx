import { defaultRangeExtractor, useVirtualizer, type Range } from '@tanstack/react-virtual'
import {
  memo,
  useCallback,
  useDeferredValue,
  useLayoutEffect,
  useRef,
  useState,
  type ReactNode,
  type RefCallback,
} from 'react'

/** Longer lists render the rows in view only. Shorter ones are whole, for the browser's find in page. */
const wholeUpTo = 60
const overscan = 8
/** Longer lists appear after the page around them. */
const atOnceUpTo = 10

/** Attributes of a row's element. */
export interface RowAttributes {
  ref?: RefCallback<HTMLElement>
  'data-index'?: number
  'aria-rowindex'?: number
  'aria-setsize'?: number
  'aria-posinset'?: number
}

interface RowsProps<T> {
  items: readonly T[]
  keyOf: (item: T, index: number) => string | number
  /** Usual height in pixels; rows in view are measured. */
  height: number
  children: (item: T, row: RowAttributes) => ReactNode
}

/** Rows of a table's body. Its table needs `aria-rowcount`, see `rowCount`. */
export function TableRows<T>(props: RowsProps<T>) {
  return <VisibleRows {...props} as="tr" />
}

/** Items of an `ul`. */
export function ListRows<T>(props: RowsProps<T>) {
  return <VisibleRows {...props} as="li" />
}

/** `aria-rowcount` of a table with one row of headings; -1, unknown, while its list is still arriving. */
export const rowCount = (items: readonly unknown[], isWhole = true) => (isWhole ? items.length + 1 : -1)

/** Part of the window's height that a list has of it, until its box is measured. */
const usualPart = 0.7

function VisibleRows<T>({ items, keyOf, height, children, as: Gap }: RowsProps<T> & { as: 'tr' | 'li' }) {
  const start = useRef<HTMLElement>(null)
  const [margin, setMargin] = useState(0)
  const isWhole = items.length <= wholeUpTo
  // The page around a list is shown first: both in one task would stop the window.
  const isShown = useDeferredValue(true, items.length <= atOnceUpTo)
  // The virtualizer measures all rows anew for another function.
  const keyAt = useCallback((index: number) => keyOf(items[index] as T, index), [items, keyOf])
  const virtualizer = useVirtualizer<HTMLElement, HTMLElement>({
    count: items.length,
    enabled: !isWhole,
    overscan,
    scrollMargin: margin,
    initialRect: { width: 0, height: usualPart * innerHeight },
    estimateSize: () => height,
    getItemKey: keyAt,
    getScrollElement: () => scrollerOf(start.current),
    rangeExtractor: (range) => withFocused(range, start.current),
  })
  // The overscan makes up for what appears above the list later.
  useLayoutEffect(() => setMargin(offsetInScroller(start.current)), [isWhole, isShown])
  if (!isShown) return null
  const rowOf = (index: number, measure?: RefCallback<HTMLElement>) => {
    const of = measure && Gap === 'li' ? items.length : undefined
    return <Row key={keyAt(index)} {...{ item: items[index] as T, index, measure, of, children }} />
  }
  if (isWhole) return items.map((_, index) => rowOf(index))
  let end = margin
  const gap = (key: string, size: number) => (
    <Gap
      key={key}
      aria-hidden
      ref={key === 'start' ? (start as never) : undefined}
      style={{ height: size }}
    />
  )
  const rows = virtualizer.getVirtualItems().flatMap((row) => {
    const before = row.start - end
    end = row.end
    const shown = rowOf(row.index, virtualizer.measureElement)
    return before > 0 ? [gap(`before ${row.key}`, before), shown] : [shown]
  })
  return [gap('start', 0), ...rows, gap('end', virtualizer.getTotalSize() + margin - end)]
}

interface RowProps<T> {
  item: T
  index: number
  measure: RefCallback<HTMLElement> | undefined
  /** Number of items of a long `ul`. */
  of: number | undefined
  children: RowsProps<T>['children']
}

/** Renders again only with its list, not when the list scrolls or is measured. */
const Row = memo(function Row<T>({ item, index, measure, of, children }: RowProps<T>) {
  if (!measure) return children(item, { 'data-index': index })
  const place =
    of === undefined ? { 'aria-rowindex': index + 2 } : { 'aria-setsize': of, 'aria-posinset': index + 1 }
  return children(item, { ref: measure, 'data-index': index, ...place })
}) as <T>(props: RowProps<T>) => ReactNode

function scrollerOf(element: HTMLElement | null): HTMLElement | null {
  return element?.closest<HTMLElement>('[data-scrolls]') ?? null
}

function offsetInScroller(element: HTMLElement | null): number {
  const scroller = scrollerOf(element)
  if (!element || !scroller) return 0
  const top = element.getBoundingClientRect().top - scroller.getBoundingClientRect().top
  return Math.round(top + scroller.scrollTop)
}

/** Keeps the row with the focus, so that scrolling does not lose it. */
function withFocused(range: Range, start: HTMLElement | null): number[] {
  const indexes = defaultRangeExtractor(range)
  const row = start?.parentElement?.querySelector<HTMLElement>('[data-index]:focus-within')
  const focused = row ? Number(row.dataset['index']) : -1
  if (focused < 0 || focused >= range.count || indexes.includes(focused)) return indexes
  return [...indexes, focused].toSorted((one, other) => one - other)
}
