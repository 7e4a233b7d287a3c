import { UnstyledButton } from '@mantine/core'
import { IconListCheck } from '@tabler/icons-react'
import { useCallback, useEffect, useMemo, useRef, useState, type KeyboardEvent, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { useStore } from 'zustand'
import type { IntakeReport, Piece } from '../../../contract/inspect/certificate-facts.ts'
import { formatPlace } from '../../../contract/errors/place.ts'
import { focusIsLost } from '../../ui/primitives/focus.ts'
import { PieceIcon } from '../../ui/staging/piece-row.tsx'
import { DaysLeft } from '../../ui/certificate/validity-bar.tsx'
import type { Grouped } from './grouping.ts'
import type { Inspector } from './inspector.ts'
import classes from './inspector.module.css'
import { pieceRows, rowFor, rowsBetween, type PieceRow } from './piece-rows.ts'

const beyond = 300

/** All pieces, grouped by public key. A single tab stop with arrow key navigation. */
export function PieceList(props: { inspector: Inspector; report: IntakeReport; grouped: Grouped }) {
  const { t } = useTranslation('inspector')
  const { inspector, grouped } = props
  const selected = useStore(inspector.store, (state) => state.selected)
  const rows = useMemo(() => pieceRows(grouped), [grouped])
  const { box, view, onScroll } = useView()
  const [current, setCurrent] = useCurrent(rows, selected)
  const focusNext = useRef(false)
  useEffect(() => {
    const row = rows[current]
    if (!row || !box.current) return
    keepInView(box.current, row)
    onScroll()
  }, [rows, current, box, onScroll])
  // Moves the focus here after the drop zone that had it is unmounted.
  useEffect(() => {
    if (focusIsLost()) box.current?.querySelector<HTMLElement>('[aria-current="true"]')?.focus()
  }, [box])
  // A row outside the rendered range mounts only after scrolling, so it is focused afterwards.
  useEffect(() => {
    const entry = focusNext.current ? box.current?.querySelector<HTMLElement>('[aria-current="true"]') : null
    if (!entry) return
    entry.focus({ preventScroll: true })
    focusNext.current = false
  })
  const choose = (index: number) => {
    const row = rows[index]
    if (!row) return
    setCurrent(index)
    inspector.select(row.kind === 'piece' ? row.piece.id : null)
  }
  const onKeyDown = (event: KeyboardEvent) => {
    const next = rowFor(event.key, rows, current)
    if (next === current) return
    event.preventDefault()
    focusNext.current = true
    choose(next)
  }
  const last = rows.at(-1)
  const shown = rowsBetween(rows, view.top - beyond, view.top + view.height + beyond)
  return (
    <nav
      ref={box}
      className={classes.list}
      aria-label={t('list.label')}
      onKeyDown={onKeyDown}
      onScroll={onScroll}
    >
      <div className="relative" style={{ height: last ? last.top + last.height : 0 }}>
        {shown.map((row) => (
          <Row
            key={row.key}
            row={row}
            current={rows[current] === row}
            grouped={grouped}
            count={props.report.pieces.length}
            onChoose={() => choose(rows.indexOf(row))}
          />
        ))}
      </div>
    </nav>
  )
}

function useView() {
  const box = useRef<HTMLElement>(null)
  const [view, setView] = useState({ top: 0, height: 1000 })
  useEffect(() => {
    const element = box.current
    if (!element) return
    const observer = new ResizeObserver(() =>
      setView({ top: element.scrollTop, height: element.clientHeight }),
    )
    observer.observe(element)
    return () => observer.disconnect()
  }, [])
  const onScroll = useCallback(() => {
    const element = box.current
    if (!element) return
    const { scrollTop: top, clientHeight: height } = element
    setView((before) => (before.top === top && before.height === height ? before : { top, height }))
  }, [])
  return { box, view, onScroll }
}

/** Selected row. A piece with several rows keeps the row it was selected at. */
function useCurrent(rows: readonly PieceRow[], selected: string | null) {
  const [chosen, setChosen] = useState(0)
  const is = (row: PieceRow | undefined) =>
    row?.kind === 'piece' ? row.piece.id === selected : row?.kind === 'summary' && selected === null
  const current = is(rows[chosen]) ? chosen : Math.max(0, rows.findIndex(is))
  return [current, setChosen] as const
}

function keepInView(box: HTMLElement, { top, height }: PieceRow): void {
  if (top < box.scrollTop) box.scrollTop = top
  else if (top + height > box.scrollTop + box.clientHeight) box.scrollTop = top + height - box.clientHeight
}

function Row(props: {
  row: PieceRow
  current: boolean
  grouped: Grouped
  count: number
  onChoose: () => void
}) {
  const { t } = useTranslation('inspector')
  const { row, grouped, ...entry } = props
  const style = { top: row.top, height: row.height }
  if (row.kind === 'heading')
    return (
      <h2 className={classes.pieceListHeading} style={style} title={row.name ?? undefined}>
        {row.name ?? t('list.alone')}
      </h2>
    )
  if (row.kind === 'no-key')
    return (
      <p className={classes.missing} style={style}>
        {t('list.noKey')}
      </p>
    )
  if (row.kind === 'summary')
    return (
      <Entry {...entry} style={style} icon={<IconListCheck size={18} stroke={1.6} aria-hidden />}>
        <span className="medium cut">{t('summary.title')}</span>
        <span className="dim text-xs line gap-4">{t('list.count', { count: props.count })}</span>
      </Entry>
    )
  return (
    <Entry {...entry} style={style} title={titleOf(row.piece)} icon={<PieceIcon kind={row.piece.kind} />}>
      <PieceLabel piece={row.piece} repeated={grouped.repeated.has(row.piece.id)} />
    </Entry>
  )
}

const titleOf = ({ certificate, title }: Piece) => certificate?.title ?? title

function PieceLabel({ piece, repeated }: { piece: Piece; repeated: boolean }) {
  const { t } = useTranslation('inspector')
  const { certificate } = piece
  return (
    <>
      <span className="medium cut">{titleOf(piece)}</span>
      <span className="dim text-xs line gap-4">
        {certificate ? (
          <span className="rigid">
            <DaysLeft notBefore={certificate.notBefore} notAfter={certificate.notAfter} /> ·
          </span>
        ) : null}
        {repeated ? <span className="rigid">{t('list.repeated')} ·</span> : null}
        <span className="dim text-xs cut">{piece.place.file ?? formatPlace(piece.place)}</span>
      </span>
    </>
  )
}

function Entry(props: {
  current: boolean
  icon: ReactNode
  style: { top: number; height: number }
  /** Full text of a truncated row. */
  title?: string
  onChoose: () => void
  children: ReactNode
}) {
  const { current, style } = props
  return (
    <UnstyledButton
      className={classes.entry}
      style={style}
      title={props.title}
      aria-current={current ? 'true' : undefined}
      tabIndex={current ? 0 : -1}
      onClick={props.onChoose}
    >
      <span className={classes.pieceListIcon}>{props.icon}</span>
      <span className={classes.text}>{props.children}</span>
    </UnstyledButton>
  )
}
