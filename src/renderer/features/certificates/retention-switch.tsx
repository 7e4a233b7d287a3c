import { useTranslation } from 'react-i18next'
import type { CertificateSummary } from '../../../contract/domains/domains.ts'
import { useClient } from '../../connection/engine-context.tsx'
import { ChangeSwitch } from '../../ui/primitives/change-controls.tsx'
import { ErrorPanel, useCall } from '../../ui/feedback/feedback.tsx'
import classes from './certificate-drawer.module.css'

/** Switch that keeps the certificate after its last domain turns HTTPS off. */
export function RetentionSwitch({ summary }: { summary: CertificateSummary }) {
  const { t } = useTranslation('certificates')
  const client = useClient()
  const call = useCall()
  return (
    <div className={classes.block}>
      <ChangeSwitch
        label={t('kept.label')}
        description={summary.kept ? t('kept.yes') : t('kept.no')}
        checked={summary.kept}
        disabled={call.busy}
        onChange={(kept) => void call.run(() => client.certificates.setKept({ id: summary.id, kept }))}
      />
      {call.error ? <ErrorPanel error={call.error} /> : null}
    </div>
  )
}
