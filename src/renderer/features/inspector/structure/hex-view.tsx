import { useEffect, useRef, type KeyboardEvent, type MouseEvent } from 'react'
import { useTranslation } from 'react-i18next'
import classes from '../graphs.module.css'

const perLine = 16

/** Hex dump of 16 octets per line that marks the chosen element, its header separately. */
export function HexView(props: {
  hex: string
  from: number
  /** Offset of the content. */
  header: number
  until: number
  onChoose: (offset: number) => void
}) {
  const { t } = useTranslation('inspector')
  const { hex, from, header, until } = props
  const box = useRef<HTMLDivElement>(null)
  const lines = Math.ceil(hex.length / 2 / perLine)
  useEffect(() => {
    box.current?.children[Math.floor(from / perLine)]?.scrollIntoView({ block: 'nearest' })
  }, [from])
  const onClick = (event: MouseEvent) => {
    const offset = (event.target as HTMLElement).dataset.offset
    if (offset !== undefined) props.onChoose(Number(offset))
  }
  const onKeyDown = (event: KeyboardEvent) => {
    const forward = event.key === 'ArrowRight' || event.key === 'ArrowDown'
    if (!forward && event.key !== 'ArrowLeft' && event.key !== 'ArrowUp') return
    event.preventDefault()
    props.onChoose(forward ? Math.min(until, hex.length / 2 - 1) : Math.max(0, from - 1))
  }
  return (
    <div
      ref={box}
      className={classes.hex}
      role="group"
      tabIndex={0}
      aria-label={t('structure.hex')}
      onClick={onClick}
      onKeyDown={onKeyDown}
    >
      {Array.from({ length: lines }, (_, line) => (
        <HexLine key={line} hex={hex} start={line * perLine} from={from} header={header} until={until} />
      ))}
    </div>
  )
}

function HexLine(o: { hex: string; start: number; from: number; header: number; until: number }) {
  const { hex, start, from, header, until } = o
  const octets = Array.from(
    { length: Math.min(perLine, hex.length / 2 - start) },
    (_, index) => start + index,
  )
  return (
    <div className={classes.hexLine}>
      <span className={classes.offset}>{start.toString(16).padStart(4, '0')}</span>
      {octets.map((at) => (
        <span
          key={at}
          data-offset={at}
          data-mark={at < from || at >= until ? undefined : at < header ? 'header' : 'content'}
        >
          {hex.slice(at * 2, at * 2 + 2)}
        </span>
      ))}
    </div>
  )
}
