import type { ReactNode } from 'react'
import classes from './dialog-foot.module.css'

/** Sticky footer of a dialog; `reason` explains why its last button is disabled. */
export function DialogFoot({
  reason,
  children,
}: {
  reason?: string | null | undefined
  children: ReactNode
}) {
  return (
    <div className={classes.foot}>
      <span className={classes.reason} role="status">
        {reason}
      </span>
      {children}
    </div>
  )
}
