import { namesInShort } from '../../ui/lists/names-in-short.ts'
import { Checkbox, Select } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { asEdgekeepError } from '../../../client/client.ts'
import type { CertificateSummary } from '../../../contract/domains/domains.ts'
import { type RevocationReason, revocationReasons } from '../../../contract/issuing/issuing.ts'
import { useClient } from '../../connection/engine-context.tsx'
import { ConfirmDialog } from '../../ui/forms/dialog.tsx'
import { notifyDone, notifyRefused, useCall } from '../../ui/feedback/feedback.tsx'

const reasons = Object.keys(revocationReasons) as RevocationReason[]

/** Revokes a certificate at its ACME authority, then renews it. */
export function RevokeDialog({ summary, onClose }: { summary: CertificateSummary; onClose: () => void }) {
  const { t } = useTranslation('certificates')
  const client = useClient()
  const call = useCall()
  const [reason, setReason] = useState<RevocationReason>('unspecified')
  const [renews, setRenews] = useState(summary.usedBy.length > 0)
  const { id, name } = summary
  const revoke = async () => {
    if (!(await call.run(() => client.acme.revoke({ certificateId: id, reason })))) return
    notifyDone(t('revoke.done', { name }))
    onClose()
    if (renews) await renew()
  }
  const renew = async () => {
    const refused = (message: string) => notifyRefused(t('revoke.notRenewed', { name }), message)
    try {
      for await (const { outcome, message } of await client.renewal.renew({ ids: [id] }))
        if (outcome !== 'renewed') refused(message)
    } catch (error) {
      refused(asEdgekeepError(error).message)
    }
  }
  return (
    <ConfirmDialog
      opened
      title={t('revoke.title', { name })}
      confirmLabel={t('revoke.do')}
      call={call}
      onConfirm={() => void revoke()}
      onClose={onClose}
    >
      <p className="dim flush">{t('revoke.text')}</p>
      <Select
        label={t('revoke.reason')}
        description={t(`revoke.means.${reason}`)}
        inputWrapperOrder={['label', 'input', 'description']}
        allowDeselect={false}
        my="sm"
        value={reason}
        onChange={(value) => setReason(reasons.find((each) => each === value) ?? 'unspecified')}
        data={reasons.map((value) => ({ value, label: t(`revoke.reasons.${value}`) }))}
      />
      <Checkbox
        label={t('revoke.renew')}
        description={
          summary.usedBy.length > 0
            ? t('revoke.used', { domains: namesInShort(summary.usedBy) })
            : t('revoke.unused')
        }
        checked={renews}
        onChange={({ currentTarget: { checked } }) => setRenews(checked)}
      />
    </ConfirmDialog>
  )
}
