import type { Origin } from '../../../../contract/origins.ts'
import classes from './origin-text.module.css'
import { originInWords } from './origin-value.ts'

/** Origin on one line. Truncates the host or path, never the port or the last folder. */
export function OriginText({ origin }: { origin: Origin }) {
  const words = originInWords(origin)
  const end = words.search(origin.protocol === 'folder' ? /[/\\][^/\\]*$/ : /(?::\d+(?: \/ \d+)?)?$/)
  return (
    <code className={classes.origin} title={words}>
      <span className={classes.start}>{words.slice(0, Math.max(end, 0))}</span>
      <span className={classes.end}>{words.slice(Math.max(end, 0))}</span>
    </code>
  )
}
