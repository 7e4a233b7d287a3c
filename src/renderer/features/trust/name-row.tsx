import { IconAlertTriangle, IconCircleCheck, IconCircleDotted, IconCircleX } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import type { NameLeads, NameReport } from '../../../contract/names/names.ts'
import { readableName } from '../../../contract/text/readable-name.ts'
import { ChangeButton } from '../../ui/primitives/change-controls.tsx'
import type { PlannedAct } from './plan-dialog.tsx'
import classes from './trust.module.css'

const signs: Record<NameLeads, typeof IconCircleX> = {
  here: IconCircleCheck,
  browsers: IconCircleCheck,
  other: IconAlertTriangle,
  elsewhere: IconCircleX,
  nowhere: IconCircleDotted,
}

export function NameRow({ name, ask }: { name: NameReport; ask: (act: PlannedAct) => void }) {
  const { t } = useTranslation('trust')
  const { host, leads, sentence, answers, notes, browsers, fix, install, inHosts } = name
  const Sign = signs[leads]
  return (
    <li className={classes.row}>
      <Sign size={20} className={classes.sign} data-leads={leads} aria-hidden />
      <div className={classes.facts}>
        <div className={classes.name}>
          <span title={host}>{readableName(host)}</span>{' '}
          <span className={classes.state}>{t(`names.state.${leads}`)}</span>
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
        {fix && install === null ? <div className={classes.fix}>{t('names.todo', { fix })}</div> : null}
      </div>
      {install === null ? null : (
        <ChangeButton
          size="xs"
          variant="default"
          aria-label={t('names.pointName', { host })}
          onClick={() => ask({ action: 'install', domains: [install] })}
        >
          {t('names.point')}
        </ChangeButton>
      )}
      {inHosts ? (
        <ChangeButton
          size="xs"
          variant="subtle"
          aria-label={t('names.undoName', { host })}
          onClick={() => ask({ action: 'undo', domains: [host] })}
        >
          {t('names.undo')}
        </ChangeButton>
      ) : null}
    </li>
  )
}
