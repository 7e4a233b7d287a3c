import { useTranslation } from 'react-i18next'
import type { Domain } from '../../../../contract/domains/domains.ts'
import { useClient } from '../../../connection/engine-context.tsx'
import { ConfirmDialog } from '../../../ui/forms/dialog.tsx'
import { notifyDone, useCall } from '../../../ui/feedback/feedback.tsx'

export function ClearFindingsDialog(props: { domain: Domain; count: number; onClose: () => void }) {
  const { domain, count, onClose } = props
  const { t } = useTranslation('policies')
  const client = useClient()
  const call = useCall()
  const confirm = async () => {
    if (!(await call.run(() => client.findings.clear({ domain: domain.name })))) return
    notifyDone(t('findings.cleared'))
    onClose()
  }
  return (
    <ConfirmDialog
      opened
      title={t('findings.clearTitle', { domain: domain.displayName })}
      confirmLabel={t('findings.clearConfirm')}
      call={call}
      onConfirm={() => void confirm()}
      onClose={onClose}
    >
      <p>{t('findings.clearText', { count })}</p>
    </ConfirmDialog>
  )
}
