import type { Origin } from '../../../../contract/domains/origins.ts'
import classes from '../domain-list.module.css'
import { formatOrigin } from './origin-value.ts'

/** Origin on one line. Truncates the host or path, never the port or the last folder. */
export function OriginText({ origin }: { origin: Origin }) {
  const label = formatOrigin(origin)
  const end = label.search(origin.protocol === 'folder' ? /[/\\][^/\\]*$/ : /(?::\d+(?: \/ \d+)?)?$/)
  return (
    <code className={classes.origin} title={label}>
      <span className={classes.start}>{label.slice(0, Math.max(end, 0))}</span>
      <span className="rigid">{label.slice(Math.max(end, 0))}</span>
    </code>
  )
}
