import type { ComponentProps } from 'react'
import { CopyIcon } from './copy-icon.tsx'
import classes from './page-layout.module.css'

/** Boxed remark, optionally after an icon, in the colours of its tone. */
export function Note({
  tone,
  ...rest
}: ComponentProps<'div'> & { tone?: 'no' | 'caution' | 'accent' | 'works' }) {
  return <div {...rest} className={`${classes.note} ${rest.className ?? ''}`} data-tone={tone} />
}

/** Command, path or address with a button that copies it. */
export function Command({ value, label }: { value: string; label: string }) {
  return (
    <div className={`well row between gap-8 ${classes.command}`}>
      <code className="mono wrap">{value}</code>
      <CopyIcon value={value} label={label} />
    </div>
  )
}
