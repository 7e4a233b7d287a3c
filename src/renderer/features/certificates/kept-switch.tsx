import { Switch } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import type { CertificateSummary } from '../../../contract/domains.ts'
import { useClient } from '../../engine/engine-context.tsx'
import { ErrorPanel } from '../../ui/states.tsx'
import { useCall } from '../../ui/use-call.ts'
import { useLocked } from '../../ui/use-locked.ts'
import classes from './certificate-drawer.module.css'

/** Whether the certificate stays when its last domain turns HTTPS off. */
export function KeptSwitch({ summary }: { summary: CertificateSummary }) {
  const { t } = useTranslation('certificates')
  const client = useClient()
  const call = useCall()
  const locked = useLocked()
  return (
    <div className={classes.block}>
      <Switch
        label={t('kept.label')}
        description={locked ?? (summary.kept ? t('kept.yes') : t('kept.no'))}
        checked={summary.kept}
        disabled={call.busy || locked !== null}
        onChange={(event) => {
          const kept = event.currentTarget.checked
          void call.run(() => client.certificates.setKept({ id: summary.id, kept }))
        }}
      />
      {call.error ? <ErrorPanel error={call.error} /> : null}
    </div>
  )
}
