import { useTranslation } from 'react-i18next'
import type { CertificateSummary } from '../../../contract/domains/domains.ts'
import { validityPhase } from '../../ui/primitives/time.tsx'
import classes from './timeline.module.css'
import { percentOn, stretchOn, type Axis } from './timeline.ts'

export function TimelineAxis({ axis, now }: { axis: Axis; now: Date }) {
  const { t, i18n } = useTranslation('certificates')
  const month = new Intl.DateTimeFormat(i18n.language, { month: 'short', timeZone: 'UTC' })
  const today = percentOn(axis, now.getTime())
  return (
    <div className={classes.axis}>
      <span className={classes.today} style={{ left: `${today}%` }}>
        {t('table.today')}
      </span>
      {axis.ticks
        .map((tick) => ({ tick, at: percentOn(axis, tick) }))
        .filter(({ at }) => Math.abs(at - today) > 13 && at < 95)
        .map(({ tick, at }) => (
          <span key={tick} aria-hidden style={{ left: `${at}%` }}>
            {month.format(tick)}
          </span>
        ))}
    </div>
  )
}

/** Validity period on the axis: elapsed, remaining, and the last third. */
export function TimelineBar(props: { axis: Axis; certificate: CertificateSummary; now: Date }) {
  const { axis, certificate, now } = props
  const from = Date.parse(certificate.notBefore)
  const until = Date.parse(certificate.notAfter)
  const phase = validityPhase(certificate.notBefore, certificate.notAfter, now)
  const lastThird = until - (until - from) / 3
  const open = until > axis.until
  return (
    <div className={classes.track} data-phase={phase} aria-hidden>
      {until <= axis.from ? <span className={classes.longOver} /> : null}
      <Part axis={axis} from={from} until={until} className={classes.life} open={open} />
      <Part axis={axis} from={lastThird} until={until} className={classes.lastThird} open={open} />
      <Part axis={axis} from={from} until={Math.min(now.getTime(), until)} className={classes.over} />
      <span className={classes.now} style={{ left: `${percentOn(axis, now.getTime())}%` }} />
    </div>
  )
}

function Part(props: {
  axis: Axis
  from: number
  until: number
  className: string | undefined
  open?: boolean
}) {
  const stretch = stretchOn(props.axis, props.from, props.until)
  if (!stretch) return null
  return (
    <span
      className={props.className}
      data-open={props.open ?? false}
      style={{ left: `${stretch.left}%`, width: `${stretch.width}%` }}
    />
  )
}
