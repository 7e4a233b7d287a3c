import type { ReactNode } from 'react'
import classes from './fact-grid.module.css'

/** Terms (`dt`) in one column beside their values (`dd`); `termWidth` in pixels. */
export function FactGrid(props: { termWidth: number; dense?: boolean; children: ReactNode }) {
  const { termWidth, dense = false, children } = props
  return (
    <dl
      className={classes.grid}
      data-dense={dense || undefined}
      style={{ gridTemplateColumns: `${termWidth}px minmax(0, 1fr)` }}
    >
      {children}
    </dl>
  )
}
