import type { ReactNode } from 'react'
import { CopyIcon } from '../primitives/copy-icon.tsx'
import classes from '../certificate/certificate.module.css'
import gridClasses from '../fact-grid.module.css'

export function FactList({ children }: { children: ReactNode }) {
  return <dl className={classes.facts}>{children}</dl>
}

/** One fact. `copy` is the value for its copy button; `mono` sets a monospaced font. */
export function Fact(props: { term: string; copy?: string; mono?: boolean; children: ReactNode }) {
  return (
    <div className={classes.fact}>
      <dt className={classes.term}>{props.term}</dt>
      <dd className={classes.value}>
        <span className={props.mono ? classes.mono : undefined}>{props.children}</span>
        {props.copy === undefined ? null : <CopyIcon value={props.copy} label={props.term} />}
      </dd>
    </div>
  )
}

/** Terms (`dt`) in one column beside their values (`dd`); `termWidth` in pixels. */
export function FactGrid(props: { termWidth: number; dense?: boolean; children: ReactNode }) {
  const { termWidth, dense = false, children } = props
  return (
    <dl
      className={gridClasses.grid}
      data-dense={dense || undefined}
      style={{ gridTemplateColumns: `${termWidth}px minmax(0, 1fr)` }}
    >
      {children}
    </dl>
  )
}
