import { useEffect, useRef, useState, type ReactNode } from 'react'
import classes from './lists.module.css'

const beyond = 6

/** Range of rendered rows: those in view plus an overscan on either side. */
export function rowsInView(o: { count: number; rowHeight: number; scrollTop: number; height: number }): {
  first: number
  last: number
} {
  const first = Math.max(0, Math.floor(o.scrollTop / o.rowHeight) - beyond)
  const last = Math.min(o.count, Math.ceil((o.scrollTop + o.height) / o.rowHeight) + beyond)
  return { first, last: Math.max(first, last) }
}

/** List with rows of equal height that renders only the rows in view. */
export function VirtualList<T>(props: {
  label: string
  items: readonly T[]
  rowHeight: number
  /** In pixels; a shorter list takes the height of its rows. */
  maxHeight: number
  keyOf: (item: T, index: number) => string | number
  children: (item: T) => ReactNode
}) {
  const { items, rowHeight, maxHeight } = props
  const box = useRef<HTMLDivElement>(null)
  const [scrollTop, setScrollTop] = useState(0)
  useEffect(() => {
    // When the list shrinks, the browser scrolls back, and fires no scroll event if the whole list fits.
    setScrollTop(box.current?.scrollTop ?? 0)
  }, [items.length])
  const { first, last } = rowsInView({ count: items.length, rowHeight, scrollTop, height: maxHeight })
  return (
    <div
      ref={box}
      className="scroll frame"
      style={{ maxHeight }}
      role="region"
      aria-label={props.label}
      tabIndex={0}
      onScroll={(event) => setScrollTop(event.currentTarget.scrollTop)}
    >
      <ul className="plain-list relative" style={{ height: items.length * rowHeight }}>
        {items.slice(first, last).map((item, offset) => {
          const index = first + offset
          return (
            <li
              key={props.keyOf(item, index)}
              className={classes.row}
              style={{ top: index * rowHeight, height: rowHeight }}
              aria-setsize={items.length}
              aria-posinset={index + 1}
            >
              {props.children(item)}
            </li>
          )
        })}
      </ul>
    </div>
  )
}
