import type { ReactNode } from 'react'
import { CopyIcon } from '../copy-icon.tsx'
import classes from './certificate.module.css'

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
