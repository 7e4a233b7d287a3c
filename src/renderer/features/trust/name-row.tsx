import { IconAlertTriangle, IconCircleCheck, IconCircleDotted, IconCircleX } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import type { NameLeads, NameReport } from '../../../contract/names.ts'
import classes from './trust.module.css'

const signs: Record<NameLeads, typeof IconCircleX> = {
  here: IconCircleCheck,
  browsers: IconCircleCheck,
  other: IconAlertTriangle,
  elsewhere: IconCircleX,
  nowhere: IconCircleDotted,
}

/** Where a name leads, what is special about it, and what to do. */
export function NameRow({ name }: { name: NameReport }) {
  const { t } = useTranslation('trust')
  const { host, leads, sentence, answers, notes, browsers, fix } = name
  const Sign = signs[leads]
  return (
    <li className={classes.row}>
      <Sign size={20} className={classes.sign} data-leads={leads} aria-hidden />
      <div className={classes.facts}>
        <div className={classes.name}>
          {host} <span className={classes.state}>{t(`names.state.${leads}`)}</span>
        </div>
        <div>
          {sentence} {answers}
        </div>
        {notes.map((note) => (
          <div key={note}>{note}</div>
        ))}
        {browsers.map((browser) => (
          <div key={browser.name}>{t('names.browser', browser)}</div>
        ))}
        {fix ? <div className={classes.fix}>{t('names.todo', { fix })}</div> : null}
      </div>
    </li>
  )
}
