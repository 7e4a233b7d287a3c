import { IconSitemap } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import type { NamesReport } from '../../../contract/names/names.ts'
import { ChangeButton } from '../../ui/primitives/change-controls.tsx'
import type { PlannedAct } from './plan-dialog.tsx'
import classes from './trust.module.css'

/** A suffix that points to this computer, and whether the DNS responder answers for it. */
export function SuffixRow(props: {
  suffix: string
  suffixes: NamesReport['suffixes']
  ask: (act: PlannedAct) => void
}) {
  const { t } = useTranslation('trust')
  const { suffix, suffixes, ask } = props
  const { port, isAnswered, place } = suffixes
  return (
    <li className={classes.row}>
      <IconSitemap size={20} className={classes.sign} aria-hidden />
      <div className={classes.facts}>
        <div className={classes.name}>{t('names.suffixes', { suffix })}</div>
        <div>{t(isAnswered ? 'names.answered' : 'names.unanswered', { port })}</div>
        <div className={classes.reads}>{place}</div>
      </div>
      <ChangeButton
        size="xs"
        variant="subtle"
        aria-label={t('names.undoSuffix', { suffix })}
        onClick={() => ask({ action: 'undo', suffixes: [suffix] })}
      >
        {t('names.undo')}
      </ChangeButton>
    </li>
  )
}
