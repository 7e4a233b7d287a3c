import { Checkbox, TextInput } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { StagingPanel } from '../../../../ui/staging/staging-panel.tsx'
import type { StagingSession } from '../../../../ui/staging/staging-session.ts'
import type { Wish } from './decision.ts'
import classes from './dialog.module.css'

export function UploadPanel(props: { wish: Wish; onWish: (wish: Wish) => void; session: StagingSession }) {
  const { t } = useTranslation('domains')
  const { wish, onWish } = props
  return (
    <div className={classes.panel}>
      <StagingPanel session={props.session} />
      <div className={classes.keeping}>
        <Checkbox
          label={t('settings.upload.keep')}
          description={t('settings.upload.keepText')}
          checked={wish.keep}
          onChange={(event) => onWish({ ...wish, keep: event.currentTarget.checked })}
        />
        <TextInput
          label={t('settings.upload.name')}
          placeholder={t('settings.upload.namePlaceholder')}
          maxLength={120}
          value={wish.name}
          onChange={(event) => onWish({ ...wish, name: event.currentTarget.value })}
        />
      </div>
    </div>
  )
}
