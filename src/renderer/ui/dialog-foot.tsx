import type { ReactNode } from 'react'
import classes from './dialog-foot.module.css'

/** The buttons of a dialog, in sight however long it is; `reason` says why the last of them cannot be pressed yet. */
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
