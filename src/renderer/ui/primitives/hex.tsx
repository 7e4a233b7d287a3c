import { Tooltip } from '@mantine/core'
import { CopyIcon } from './copy-icon.tsx'
import classes from './page-layout.module.css'
import { Fragment } from 'react'

/** Fingerprint with copy button: shortened with a tooltip, or `full`. `label` is for the copy button. */
export function Fingerprint({ hex, label, full = false }: { hex: string; label: string; full?: boolean }) {
  return (
    <span className={classes.root}>
      {full ? (
        <code className="mono wrap">{inPairs(hex)}</code>
      ) : (
        <Tooltip label={<code>{inPairs(hex)}</code>} multiline maw={420}>
          <code className="mono one-line">{shortHex(hex)}</code>
        </Tooltip>
      )}
      <CopyIcon value={hex} label={label} />
    </span>
  )
}

/** Formats hexadecimal in lower-case pairs: `3f:a2:…`. */
export function inPairs(hex: string): string {
  return hex.match(/../g)?.join(':') ?? hex
}

export function shortHex(hex: string): string {
  return hex.length <= 20 ? hex : `${hex.slice(0, 8)}…${hex.slice(-8)}`
}

/** Hex dump with offsets, 16 bytes per line. */
export function hexDump(hex: string): string {
  const lines = hex.match(/.{1,32}/g) ?? []
  return lines
    .map((line, index) => `${(index * 16).toString(16).padStart(4, '0')}  ${line.match(/../g)?.join(' ')}`)
    .join('\n')
}

/** Hexadecimal in pairs (`3f:a2:…`) that wraps only between pairs. */
export function HexPairs({ hex }: { hex: string }) {
  const pairs = hex.match(/..?/g) ?? []
  return pairs.map((pair, index) => (
    <Fragment key={index}>
      {pair}
      {index < pairs.length - 1 ? ':' : null}
      <wbr />
    </Fragment>
  ))
}
