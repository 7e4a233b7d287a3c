import { useTranslation } from 'react-i18next'
import type { ExchangeDetail } from '../../../contract/traffic/traffic.ts'
import { formatDuration } from './amounts.ts'
import classes from './detail.module.css'
import { stretchesOf } from './timeline.ts'

export function TimelineView({ exchange }: { exchange: ExchangeDetail }) {
  const { t } = useTranslation('traffic')
  const stretches = stretchesOf(exchange)
  return (
    <section className={classes.block} aria-label={t('timeline.title')}>
      <h3 className={classes.heading}>
        {t('timeline.title')}{' '}
        <span className={classes.total}>{formatDuration(exchange.timings.totalMs)}</span>
      </h3>
      {stretches.length === 0 ? <p className={classes.dim}>{t('timeline.byEdge')}</p> : null}
      <ol className={classes.timeline}>
        {stretches.map(({ phase, ms, from, length }) => (
          <li key={phase} className={classes.stretch}>
            <span className={classes.phase}>{t(`timeline.${phase}`)}</span>
            <span className={classes.track} aria-hidden>
              <span
                className={classes.bar}
                data-phase={phase}
                style={{ left: `${from * 100}%`, width: `max(2px, ${length * 100}%)` }}
              />
            </span>
            <span className={classes.ms}>{formatDuration(ms)}</span>
          </li>
        ))}
      </ol>
    </section>
  )
}
