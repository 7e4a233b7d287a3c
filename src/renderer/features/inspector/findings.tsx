import { startTransition, useEffect, useMemo, useRef, useState, type KeyboardEvent } from 'react'
import { flushSync } from 'react-dom'
import { useStore } from 'zustand'
import { focusIsLost } from '../../ui/primitives/focus.ts'
import { groupPieces } from './grouping.ts'
import type { Inspector } from './inspector.ts'
import classes from './inspector.module.css'
import { PieceList } from './piece-list.tsx'
import { PieceView } from './piece-view.tsx'
import { Summary } from './summary.tsx'

/** Pieces on the left, the selected one on the right. */
export function Findings({ inspector }: { inspector: Inspector }) {
  const report = useStore(inspector.store, (state) => state.report)
  const grouped = useMemo(() => (report ? groupPieces(report) : null), [report])
  const { box, shown, showBeforeTab } = useShown(inspector)
  if (!report || !grouped) return null
  const piece = report.pieces.find((each) => each.id === shown)
  return (
    <div ref={box} className={classes.panes} onKeyDownCapture={showBeforeTab}>
      <PieceList inspector={inspector} report={report} grouped={grouped} />
      <div className={classes.detail}>
        {piece ? (
          <PieceView key={piece.id} inspector={inspector} report={report} piece={piece} />
        ) : (
          <Summary inspector={inspector} report={report} />
        )}
      </div>
    </div>
  )
}

/**
 * The list reacts at once, the details follow in a transition. Tab flushes the transition first, because
 * focus in content that is about to be replaced would be lost.
 */
function useShown(inspector: Inspector) {
  const selected = useStore(inspector.store, (state) => state.selected)
  const [shown, setShown] = useState(selected)
  const box = useRef<HTMLDivElement>(null)
  useEffect(() => startTransition(() => setShown(selected)), [selected])
  // A link to another piece is replaced together with the details, so focus moves to the piece's row.
  useEffect(() => {
    if (focusIsLost()) box.current?.querySelector<HTMLElement>('[aria-current="true"]')?.focus()
  }, [shown])
  const showBeforeTab = (event: KeyboardEvent) => {
    if (event.key === 'Tab' && shown !== selected) flushSync(() => setShown(selected))
  }
  return { box, shown, showBeforeTab }
}
