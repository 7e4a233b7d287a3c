import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { CertificateSummary } from '../../../contract/domains/domains.ts'
import { readableName } from '../../../contract/text/readable-name.ts'
import { useClient } from '../../connection/engine-context.tsx'
import { ActionButton } from '../../ui/actions/action-button.tsx'
import { ConfirmDialog } from '../../ui/forms/dialog.tsx'
import { notifyDone, useCall } from '../../ui/feedback/feedback.tsx'
import { deleteCertificate, replaceCertificate, revokeCertificate } from './actions.ts'
import classes from './certificate-drawer.module.css'
import { ExportMenu } from './export-menu.tsx'
import { RevokeDialog } from './revoke-dialog.tsx'
import { ReplaceDialog } from './replace/dialog.tsx'

/** Actions on the certificate: export its public parts, or delete it while unused. */
export function DetailFooter({ summary, onRemoved }: { summary: CertificateSummary; onRemoved: () => void }) {
  const { t } = useTranslation('certificates')
  const [asking, setAsking] = useState(false)
  const [replacing, setReplacing] = useState(false)
  const [revoking, setRevoking] = useState(false)
  const used = summary.usedBy.length > 0
  return (
    <div className={classes.footer}>
      <ExportMenu summary={summary} />
      {used ? (
        <ActionButton action={replaceCertificate} variant="default" act={() => setReplacing(true)} />
      ) : null}
      {summary.renewal?.by === 'acme' ? (
        <ActionButton action={revokeCertificate} variant="default" act={() => setRevoking(true)} />
      ) : null}
      <span className={classes.reason} id="delete-reason">
        {used
          ? t('delete.inUse', {
              count: summary.usedBy.length,
              domains: summary.usedBy.map(readableName).join(', '),
            })
          : null}
      </span>
      <ActionButton
        action={deleteCertificate}
        variant="light"
        color="red"
        disabled={used}
        describedBy="delete-reason"
        act={() => setAsking(true)}
      />
      {revoking ? <RevokeDialog summary={summary} onClose={() => setRevoking(false)} /> : null}
      <ReplaceDialog opened={replacing} summary={summary} onClose={() => setReplacing(false)} />
      <DeleteDialog
        opened={asking}
        summary={summary}
        onClose={() => setAsking(false)}
        onRemoved={onRemoved}
      />
    </div>
  )
}

function DeleteDialog(props: {
  opened: boolean
  summary: CertificateSummary
  onClose: () => void
  onRemoved: () => void
}) {
  const { t } = useTranslation('certificates')
  const client = useClient()
  const call = useCall()
  const { summary } = props
  const remove = async () => {
    const removed = await call.run(() => client.certificates.remove({ id: summary.id }))
    if (!removed) return
    notifyDone(t('delete.done', { name: removed.name }))
    props.onRemoved()
  }
  return (
    <ConfirmDialog
      opened={props.opened}
      title={t('delete.title', { name: summary.name })}
      confirmLabel={t('delete.confirm')}
      call={call}
      onConfirm={() => void remove()}
      onClose={props.onClose}
    >
      <p className={classes.dim}>{t('delete.lost')}</p>
      <ul className={classes.lost}>
        <li>
          {t('delete.lostCertificate', {
            names: summary.dnsNames.concat(summary.ipNames).map(readableName).join(', '),
          })}
        </li>
        <li>{t('delete.lostKey')}</li>
      </ul>
    </ConfirmDialog>
  )
}
