import { useDeferredValue, useMemo } from 'react'
import { useStore } from 'zustand'
import { groupPieces } from './grouping.ts'
import type { Inspector } from './inspector.ts'
import classes from './inspector.module.css'
import { PieceList } from './piece-list.tsx'
import { PieceView } from './piece-view.tsx'
import { Summary } from './summary.tsx'

/** What was found: the pieces on the left, the chosen one on the right. */
export function Findings({ inspector }: { inspector: Inspector }) {
  const report = useStore(inspector.store, (state) => state.report)
  // The list answers at once; what is said of the piece may follow.
  const selected = useDeferredValue(useStore(inspector.store, (state) => state.selected))
  const grouped = useMemo(() => (report ? groupPieces(report) : null), [report])
  if (!report || !grouped) return null
  const piece = report.pieces.find((each) => each.id === selected)
  return (
    <div className={classes.panes}>
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
