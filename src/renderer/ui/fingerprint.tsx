import { Tooltip } from '@mantine/core'
import { CopyIcon } from './copy-icon.tsx'
import classes from './fingerprint.module.css'

/** Lower-case hexadecimal in pairs, `3f:a2:…`. */
export function inPairs(hex: string): string {
  return hex.match(/../g)?.join(':') ?? hex
}

/** First and last eight digits of a long hexadecimal value. */
export function shortHex(hex: string): string {
  return hex.length <= 20 ? hex : `${hex.slice(0, 8)}…${hex.slice(-8)}`
}

/** A fingerprint: short with the whole on hover, or `full`; copyable. `label` says of what, for the copy button. */
export function Fingerprint({ hex, label, full = false }: { hex: string; label: string; full?: boolean }) {
  return (
    <span className={classes.root}>
      {full ? (
        <code className={classes.full}>{inPairs(hex)}</code>
      ) : (
        <Tooltip label={<code>{inPairs(hex)}</code>} multiline maw={420}>
          <code className={classes.short}>{shortHex(hex)}</code>
        </Tooltip>
      )}
      <CopyIcon value={hex} label={label} />
    </span>
  )
}
