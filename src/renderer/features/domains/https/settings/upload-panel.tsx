import { Checkbox, TextInput } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { StagingPanel } from '../../../../ui/staging/staging-panel.tsx'
import type { StagingSession } from '../../../../ui/staging/staging-session.ts'
import type { HttpsForm } from './decision.ts'
import classes from './dialog.module.css'

export function UploadPanel(props: {
  form: HttpsForm
  onForm: (form: HttpsForm) => void
  session: StagingSession
}) {
  const { t } = useTranslation('domains')
  const { form, onForm } = props
  return (
    <div className={classes.panel}>
      <StagingPanel session={props.session} />
      <div className={classes.keeping}>
        <Checkbox
          label={t('settings.upload.keep')}
          description={t('settings.upload.keepText')}
          checked={form.keep}
          onChange={(event) => onForm({ ...form, keep: event.currentTarget.checked })}
        />
        <TextInput
          label={t('settings.upload.name')}
          placeholder={t('settings.upload.namePlaceholder')}
          maxLength={120}
          value={form.name}
          onChange={(event) => onForm({ ...form, name: event.currentTarget.value })}
        />
      </div>
    </div>
  )
}
