import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useClient } from '../../connection/engine-context.tsx'
import { ActionButton } from '../../ui/actions/action-button.tsx'
import { downloadText } from '../../ui/primitives/download.ts'
import { Section } from '../../ui/primitives/page-layout.tsx'
import { ErrorPanel, useCall } from '../../ui/feedback/feedback.tsx'
import { exportConfiguration, importConfiguration } from './actions.ts'
import { ConfigurationDialog } from './configuration-dialog.tsx'
import classes from './settings.module.css'

export function ConfigurationSection({ locked }: { locked: boolean }) {
  const { t } = useTranslation('settings')
  const client = useClient()
  const call = useCall()
  const [importing, setImporting] = useState(false)
  const exportFile = async () => {
    const exported = await call.run(() => client.configuration.export())
    if (exported) downloadText('edgekeep.yaml', 'application/yaml', exported.text)
  }
  return (
    <Section title={t('configuration.title')} description={t('configuration.text')}>
      <div className={classes.buttons}>
        <ActionButton
          action={exportConfiguration}
          variant="default"
          busy={call.busy}
          act={() => void exportFile()}
        />
        <ActionButton
          action={importConfiguration}
          variant="default"
          disabled={locked}
          act={() => setImporting(true)}
        />
      </div>
      {call.error ? <ErrorPanel error={call.error} /> : null}
      <ConfigurationDialog opened={importing} onClose={() => setImporting(false)} />
    </Section>
  )
}
