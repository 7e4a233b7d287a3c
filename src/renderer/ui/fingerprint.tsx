import { Tooltip } from '@mantine/core'
import { CopyIcon } from './copy-icon.tsx'
import classes from './fingerprint.module.css'
import { inPairs, shortHex } from './format-hex.ts'

/** Fingerprint with copy button: shortened with a tooltip, or `full`. `label` is for the copy button. */
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
