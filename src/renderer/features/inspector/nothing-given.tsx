import { useTranslation } from 'react-i18next'
import { useStore } from 'zustand'
import { DropZone } from '../../ui/forms/drop-zone.tsx'
import { PasteBox } from '../../ui/staging/paste-box.tsx'
import { useSlow } from '../../ui/feedback/feedback.tsx'
import type { Inspector } from './inspector.ts'
import classes from './inspector.module.css'

const answers = ['what', 'pairs', 'valid', 'fix'] as const

/** Placeholder before any file is added: drop zone and overview of the checks. */
export function NothingGiven({ inspector }: { inspector: Inspector }) {
  const { t } = useTranslation('inspector')
  const slow = useSlow(useStore(inspector.store, (state) => state.busy === 'reading'))
  return (
    <div className={classes.start}>
      <div className={classes.startDrop}>
        <DropZone
          label={t('start.label')}
          text={t('start.text')}
          hint={t('start.hint')}
          busy={slow}
          onFiles={(files) => void inspector.give(files)}
        />
      </div>
      <PasteBox
        label={t('start.paste')}
        placeholder="-----BEGIN …"
        pastedName={t('pastedName')}
        rows={3}
        onFiles={inspector.give}
      />
      <p className={classes.dim}>{t('start.private')}</p>
      <dl className={classes.answers}>
        {answers.map((answer) => (
          <div key={answer}>
            <dt>{t(`start.${answer}.title`)}</dt>
            <dd>{t(`start.${answer}.text`)}</dd>
          </div>
        ))}
      </dl>
    </div>
  )
}
