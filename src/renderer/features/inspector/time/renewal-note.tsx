import { useTranslation } from 'react-i18next'
import type { Renewal } from '../../../../contract/inspect/timeline.ts'
import { shortDate } from '../../../ui/primitives/time.tsx'
import classes from './time.module.css'

export function RenewalNote({ renewal }: { renewal: Renewal }) {
  const { t, i18n } = useTranslation('inspector')
  const { sentence, schedule, reference, renewAt, applies } = renewal
  const then = schedule.findLast(({ from }) => from <= renewAt)
  return (
    <section className={classes.renewal} aria-label={t('time.renewal')}>
      <h4 className={classes.heading}>{t('time.renewal')}</h4>
      <p className={classes.sentence}>{sentence}</p>
      {applies ? (
        <>
          <ol className={classes.schedule}>
            {schedule.map((step) => (
              <li key={step.from} data-then={step === then}>
                <span>{t('time.from', { day: shortDate(step.from, i18n.language) })}</span>
                <strong>{t('time.days', { count: step.days })}</strong>
              </li>
            ))}
          </ol>
          <p className={classes.dim}>{reference}</p>
        </>
      ) : null}
    </section>
  )
}
