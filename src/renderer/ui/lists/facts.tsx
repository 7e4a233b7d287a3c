import type { ReactNode } from 'react'
import { HexPairs } from '../primitives/hex.tsx'
import { CopyIcon } from '../primitives/copy-icon.tsx'
import classes from './lists.module.css'

export function FactList({ children }: { children: ReactNode }) {
  return <dl className="flush stack">{children}</dl>
}

/** One fact. `copy` is the value for its copy button, shown if there are no children; `hex` is shown in pairs. */
export function Fact(props: {
  term: string
  copy?: string
  hex?: string
  mono?: boolean
  children?: ReactNode
}) {
  const { term, hex, copy = hex, mono = hex !== undefined } = props
  const shown = hex === undefined ? (props.children ?? copy) : <HexPairs hex={hex} />
  return (
    <div className={classes.fact}>
      <dt className="dim">{term}</dt>
      <dd className={classes.value}>
        <span className={mono ? 'mono' : undefined}>{shown}</span>
        {copy === undefined ? null : <CopyIcon value={copy} label={term} />}
      </dd>
    </div>
  )
}

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
