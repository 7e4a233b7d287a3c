import { useTranslation } from 'react-i18next'
import type { HstsNote } from '../../../../contract/domains/hsts.ts'
import { VerdictRow } from '../../../ui/feedback/verdict.tsx'
import classes from '../policies/policies.module.css'

export function HstsNotes({ notes }: { notes: readonly HstsNote[] }) {
  const { t } = useTranslation('policies')
  if (notes.length === 0) return null
  return (
    <div className={classes.notes} role="group" aria-label={t('hsts.notes')}>
      {notes.map((note) => (
        <VerdictRow
          key={note.kind}
          verdict={note.kind === 'loop' ? 'no' : 'caution'}
          label={t(`hsts.note.${note.kind}.title`, note)}
          reason={t(`hsts.note.${note.kind}.text`, note)}
        />
      ))}
    </div>
  )
}
