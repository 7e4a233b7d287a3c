import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'wouter'
import { formatNumber } from '../../../contract/text/count.ts'
import classes from './page-tabs.module.css'

export interface PageTab {
  href: string
  label: string
  isCurrent: boolean
  /** Sign behind the label. */
  mark?: ReactNode
  count?: number
  /** Meaning of a count that asks for attention. */
  alarm?: string
}

/**
 * Tabs of a page. Each has a URL for links and browser history. Tabs without content show that by their
 * count, in a row of their own.
 */
export function PageTabs({ label, tabs }: { label: string; tabs: readonly PageTab[] }) {
  const { i18n } = useTranslation()
  const tabOf = (tab: PageTab) => <Tab key={tab.href} {...tab} language={i18n.language} />
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

function Tab({ href, label, isCurrent, mark, count, alarm, language }: PageTab & { language: string }) {
  return (
    <Link href={href} className={classes.entry} aria-current={isCurrent ? 'page' : undefined}>
      {label}
      {mark}
      {count === undefined ? null : (
        <span className={classes.count} data-alarm={alarm !== undefined} title={alarm}>
          {formatNumber(count, language)}
        </span>
      )}
    </Link>
  )
}
