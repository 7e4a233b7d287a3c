import type { ReactNode } from 'react'
import { Link } from 'wouter'
import classes from './page-tabs.module.css'

export interface PageTab {
  href: string
  label: string
  isCurrent: boolean
  /** Sign behind the label. */
  mark?: ReactNode
  count?: number | undefined
  /** Meaning of a count that asks for attention. */
  alarm?: string | undefined
}

/**
 * Tabs of a page. Each has a URL for links and browser history. Tabs without content show that by their
 * count, in a row of their own.
 */
export function PageTabs({ label, tabs }: { label: string; tabs: readonly PageTab[] }) {
  const [used, empty] = [tabs.filter(({ count }) => count !== 0), tabs.filter(({ count }) => count === 0)]
  return (
    <nav className={classes.index} aria-label={label}>
      <div className={classes.row}>{used.map(tabOf)}</div>
      {empty.length > 0 ? (
        <div className={classes.row} data-empty>
          {empty.map(tabOf)}
        </div>
      ) : null}
    </nav>
  )
}

function tabOf({ href, label, isCurrent, mark, count, alarm }: PageTab) {
  return (
    <Link key={href} href={href} className={classes.entry} aria-current={isCurrent ? 'page' : undefined}>
      {label}
      {mark}
      {count === undefined ? null : (
        <span className={classes.count} data-alarm={alarm !== undefined} title={alarm}>
          {count}
        </span>
      )}
    </Link>
  )
}
