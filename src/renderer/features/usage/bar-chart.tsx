import { useState } from 'react'
import classes from './usage.module.css'
import { labelled, roundAbove } from './numbers.ts'

export interface Series {
  name: string
  tone: 'strong' | 'soft'
  values: readonly number[]
}

/**
 * Stacked bars of two series over time. Hidden from assistive technology: the caller provides the same
 * numbers as a table.
 */
export function BarChart(props: {
  label: string
  series: readonly [Series, Series]
  /** Start of each step: short below the chart, in full in the tooltip. */
  steps: readonly { short: string; whole: string }[]
  format: (value: number) => string
  /** Formats the round numbers of the axis. */
  formatRound: (value: number) => string
}) {
  const { label, series, steps, format, formatRound } = props
  const [pointed, setPointed] = useState<number | null>(null)
  const [below, above] = series
  const top = roundAbove(
    Math.max(0, ...steps.map((_, at) => (below.values[at] ?? 0) + (above.values[at] ?? 0))),
  )
  const at = pointed !== null && pointed < steps.length ? pointed : null
  return (
    <figure className="flush" role="img" aria-label={label}>
      <div className="line gap-18 above-12" aria-hidden>
        {series.map(({ name, tone }) => (
          <span key={name} className={classes.key}>
            <span className={classes.swatch} data-tone={tone} />
            {name}
          </span>
        ))}
      </div>
      <div className={classes.plot} aria-hidden>
        <div className={classes.scale}>
          {[1, 0.75, 0.5, 0.25, 0].map((share) => (
            <span key={share}>{formatRound(top * share)}</span>
          ))}
        </div>
        <div
          className={classes.field}
          onPointerMove={(event) => {
            const { left, width } = event.currentTarget.getBoundingClientRect()
            setPointed(Math.max(0, Math.floor(((event.clientX - left) / width) * steps.length)))
          }}
          onPointerLeave={() => setPointed(null)}
        >
          <Bars below={below} above={above} count={steps.length} top={top} pointed={at} />
          {at === null ? null : (
            <div
              className={classes.note}
              data-side={at > steps.length / 2 ? 'left' : 'right'}
              style={{ insetInlineStart: `${((at + 0.5) / steps.length) * 100}%` }}
            >
              <strong>{steps[at]?.whole}</strong>
              {series.map(({ name, tone, values }) => (
                <span key={name} className={classes.key}>
                  <span className={classes.swatch} data-tone={tone} />
                  {name}
                  <span className={classes.value}>{format(values[at] ?? 0)}</span>
                </span>
              ))}
            </div>
          )}
        </div>
        <div className={classes.times}>
          {labelled(steps.length, 8).map((step) => (
            <span key={step} style={{ insetInlineStart: `${((step + 0.5) / steps.length) * 100}%` }}>
              {steps[step]?.short}
            </span>
          ))}
        </div>
      </div>
    </figure>
  )
}

/** A bar has width 1 and the chart height 1; the SVG is stretched to its box. */
function Bars({
  below,
  above,
  count,
  top,
  pointed,
}: {
  below: Series
  above: Series
  count: number
  top: number
  pointed: number | null
}) {
  return (
    <svg className={classes.bars} viewBox={`0 0 ${count} 1`} preserveAspectRatio="none">
      {Array.from({ length: count }, (_, at) => {
        const low = (below.values[at] ?? 0) / top
        const high = (above.values[at] ?? 0) / top
        return (
          <g key={at}>
            {at === pointed ? <rect className={classes.column} x={at} y={0} width={1} height={1} /> : null}
            <rect
              className={classes.bar}
              data-tone={below.tone}
              x={at + 0.14}
              y={1 - low}
              width={0.72}
              height={low}
            />
            <rect
              className={classes.bar}
              data-tone={above.tone}
              x={at + 0.14}
              y={1 - low - high}
              width={0.72}
              height={high}
            />
          </g>
        )
      })}
    </svg>
  )
}
