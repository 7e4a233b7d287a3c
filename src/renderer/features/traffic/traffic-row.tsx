import { IconLock, IconLockOpen2, IconBan } from '@tabler/icons-react'
import { memo } from 'react'
import { useTranslation } from 'react-i18next'
import type { ExchangeRow, RefusedRow, TrafficRow } from '../../../contract/traffic/traffic.ts'
import { readableText, readableUrl } from '../../../contract/text/readable-name.ts'
import { formatDuration } from '../../../domain/duration-text.ts'
import { formatSize } from '../../../contract/text/format-size.ts'
import classes from './traffic.module.css'

interface RowProps {
  row: TrafficRow
  top: number
  /** Counted from 1. */
  position: number
  of: number
  current: boolean
  opened: boolean
}

/** One row of the list. Rows are immutable; only their position changes. */
export const RowView = memo(function RowView(props: RowProps) {
  const { row, current, opened } = props
  return (
    <div
      id={`traffic-${row.id}`}
      data-id={row.id}
      role="option"
      aria-selected={opened}
      aria-posinset={props.position}
      aria-setsize={props.of}
      className={classes.row}
      data-current={current || undefined}
      data-opened={opened || undefined}
      data-tone={toneOf(row)}
      style={{ transform: `translateY(${props.top}px)` }}
    >
      <span className={classes.time}>{clockTime(row.at)}</span>
      {row.kind === 'exchange' ? <ExchangeCells row={row} /> : <RefusedCells row={row} />}
    </div>
  )
})

function ExchangeCells({ row }: { row: ExchangeRow }) {
  const { t } = useTranslation('traffic')
  const { scheme, host, path } = partsOf(row.url)
  const Lock = scheme === 'https' ? IconLock : IconLockOpen2
  return (
    <>
      <span className={classes.status}>{row.status ?? t('row.noAnswer')}</span>
      <span className={classes.method}>{row.method}</span>
      <span
        className={classes.url}
        title={row.error === null ? readableUrl(row.url) : readableText(row.error)}
      >
        {row.url === '' ? (
          <span className={classes.dim}>{t('row.unreadable')}</span>
        ) : (
          <>
            <Lock size={12} stroke={1.8} className={classes.lock} aria-label={t(`row.${scheme}`)} />
            <span className={classes.host}>{readableText(host)}</span>
            <span className={classes.path}>{path}</span>
          </>
        )}
        <Remark row={row} />
      </span>
      <span className={classes.protocol}>{row.protocol === 'HTTP/2' ? 'h2' : 'h1'}</span>
      <span className={classes.size}>{formatSize(row.responseBytes)}</span>
      <span className={classes.took}>{formatDuration(row.totalMs)}</span>
    </>
  )
}

function Remark({ row }: { row: ExchangeRow }) {
  if (row.error !== null) return <span className={classes.remark}>{readableText(row.error)}</span>
  if (row.redirectedTo !== null)
    return <span className={classes.remark}>→ {readableUrl(row.redirectedTo)}</span>
  return null
}

function RefusedCells({ row }: { row: RefusedRow }) {
  const { t } = useTranslation('traffic')
  return (
    <>
      <span className={classes.status}>{t('row.refused')}</span>
      <span className={classes.method}>TLS</span>
      <span className={classes.url} title={readableText(row.reason)}>
        <IconBan size={13} stroke={1.8} className={classes.lock} aria-hidden />
        <span className={classes.serverName}>{readableText(row.serverName ?? t('row.noName'))}</span>
        <span className={classes.remark}>{readableText(row.reason)}</span>
      </span>
      <span className={classes.protocol} />
      <span className={classes.size} />
      <span className={classes.took} />
    </>
  )
}

function toneOf(row: TrafficRow): string {
  if (row.kind === 'refused' || row.status === null || row.status >= 500) return 'bad'
  if (row.status >= 400 || row.error !== null) return 'caution'
  return row.status >= 300 ? 'moved' : 'plain'
}

/** Avoids `URL`, which is too slow for thirty rows ten times per second and rejects masked values. */
function partsOf(url: string): { scheme: 'http' | 'https'; host: string; path: string } {
  const scheme = url.startsWith('https:') ? 'https' : 'http'
  const start = scheme.length + 3
  const slash = url.indexOf('/', start)
  const end = slash < 0 ? url.length : slash
  return { scheme, host: url.slice(start, end), path: url.slice(end) }
}

/** `14:36:02.318`, in local time. */
function clockTime(at: string): string {
  const date = new Date(at)
  const two = (value: number) => String(value).padStart(2, '0')
  return `${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}.${String(date.getMilliseconds()).padStart(3, '0')}`
}
