import { useCallback, useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { TrafficRow } from '../../../contract/traffic/traffic.ts'
import classes from './traffic.module.css'
import { RowView } from './traffic-row.tsx'

const rowHeight = 30
const overscan = 6

/**
 * Virtual list of rows with equal height, so that positions are multiples of it. Arrow keys move, Enter opens
 * and Escape closes.
 */
export function TrafficTable(props: {
  rows: readonly TrafficRow[]
  opened: number | null
  onOpen: (id: number | null) => void
  onLooking: (isLooking: boolean) => void
}) {
  const { t } = useTranslation('traffic')
  const { rows, opened, onOpen, onLooking } = props
  const [current, setCurrent] = useState<number | null>(null)
  const { box, first, last, onScroll } = useWindowOf(rows.length)
  const watch = useHolding(box, onLooking)
  const choose = (target: EventTarget) => {
    const line = target instanceof Element ? target.closest('[data-id]') : null
    const id = Number(line?.getAttribute('data-id') ?? 0)
    if (id === 0) return
    setCurrent(id)
    onOpen(id)
  }
  const move = (by: number) => {
    const at = rows.findIndex(({ id }) => id === current)
    const to = Math.min(rows.length - 1, Math.max(0, at + by))
    const row = rows[to]
    if (!row) return
    setCurrent(row.id)
    if (opened !== null) onOpen(row.id)
    scrollTo(box.current, to)
  }
  const page = Math.max(1, last - first - 2 * overscan - 1)
  const keys = new Map<string, () => void>(
    Object.entries({
      ArrowDown: () => move(1),
      ArrowUp: () => move(-1),
      PageDown: () => move(page),
      PageUp: () => move(-page),
      Home: () => move(-rows.length),
      End: () => move(rows.length),
      Enter: () => current !== null && onOpen(current),
      Escape: () => (opened === null ? box.current?.blur() : onOpen(null)),
    }),
  )
  return (
    <div className={classes.table}>
      <div className={classes.head} aria-hidden>
        {(['time', 'status', 'method', 'url', 'protocol', 'size', 'took'] as const).map((column) => (
          <span key={column} className={classes[column]}>
            {t(`column.${column}`)}
          </span>
        ))}
      </div>
      <div
        ref={box}
        className={classes.scroll}
        role="listbox"
        tabIndex={0}
        aria-label={t('table')}
        aria-activedescendant={current === null ? undefined : `traffic-${current}`}
        onScroll={onScroll}
        onClick={(event) => choose(event.target)}
        onKeyDown={(event) => {
          const act = keys.get(event.key)
          if (!act || event.ctrlKey || event.metaKey || event.altKey) return
          event.preventDefault()
          act()
        }}
        {...watch}
      >
        <div role="presentation" style={{ height: rows.length * rowHeight, position: 'relative' }}>
          {rows.slice(first, last).map((row, at) => (
            <RowView
              // Keyed by index, so that new rows reuse mounted elements.
              key={first + at}
              row={row}
              top={(first + at) * rowHeight}
              position={first + at + 1}
              of={rows.length}
              current={row.id === current}
              opened={row.id === opened}
            />
          ))}
        </div>
      </div>
    </div>
  )
}

function useWindowOf(count: number) {
  const box = useRef<HTMLDivElement>(null)
  const [view, setView] = useState({ top: 0, height: 600 })
  const onScroll = useCallback(() => {
    const element = box.current
    if (element) setView({ top: element.scrollTop, height: element.clientHeight })
  }, [])
  useEffect(() => {
    const element = box.current
    if (!element) return undefined
    const observer = new ResizeObserver(onScroll)
    observer.observe(element)
    return () => observer.disconnect()
  }, [onScroll])
  const first = Math.max(0, Math.floor(view.top / rowHeight) - overscan)
  const last = Math.min(count, Math.ceil((view.top + view.height) / rowHeight) + overscan)
  return { box, first, last, onScroll }
}

/** Reports user attention: pointer over the list, focus inside it, or scrolled down. */
function useHolding(box: React.RefObject<HTMLDivElement | null>, onLooking: (isLooking: boolean) => void) {
  const looks = useRef({ hover: false, focus: false })
  const report = () => {
    const { hover, focus } = looks.current
    onLooking(hover || focus || (box.current?.scrollTop ?? 0) > 0)
  }
  // Unmounting resumes the list.
  useEffect(() => () => onLooking(false), [onLooking])
  const set = (change: Partial<typeof looks.current>) => () => {
    Object.assign(looks.current, change)
    report()
  }
  return {
    onMouseEnter: set({ hover: true }),
    onMouseLeave: set({ hover: false }),
    onFocus: set({ focus: true }),
    onBlur: set({ focus: false }),
    onScrollEnd: report,
  }
}

function scrollTo(box: HTMLDivElement | null, index: number): void {
  if (!box) return
  const top = index * rowHeight
  if (top < box.scrollTop) box.scrollTop = top
  else if (top + rowHeight > box.scrollTop + box.clientHeight)
    box.scrollTop = top + rowHeight - box.clientHeight
}
