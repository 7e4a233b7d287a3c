import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useDomains } from '../../connection/engine-context.tsx'
import type { CertificateSummary } from '../../../contract/domains/domains.ts'
import { readableName } from '../../../contract/text/readable-name.ts'
import { namesInShort } from '../../ui/lists/names-in-short.ts'
import { ActionButton } from '../../ui/actions/action-button.tsx'
import { ConfirmDialog } from '../../ui/forms/dialog.tsx'
import { notifyDone, useCall, ErrorPanel } from '../../ui/feedback/feedback.tsx'
import { deleteCertificate, replaceCertificate, revokeCertificate, exportCertificate } from './actions.ts'
import classes from './certificate-drawer.module.css'
import { RevokeDialog } from './revoke-dialog.tsx'
import { ReplaceDialog } from './replace/dialog.tsx'
import { Menu } from '@mantine/core'
import { downloadBase64 } from '../../ui/primitives/download.ts'

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
      <span className="dim text-xs pretty grow" id="delete-reason">
        {used
          ? t('delete.inUse', {
              count: summary.usedBy.length,
              domains: namesInShort(summary.usedBy, 3),
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
  const call = useCall()
  const { summary } = props
  const rollbacks = useDomains((state) => state.items).filter(
    ({ https }) => https.previousCertificate?.id === summary.id,
  )
  const remove = async () => {
    const removed = await call.run((client) => client.certificates.remove({ id: summary.id }))
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
      <p className="dim flush">{t('delete.lost')}</p>
      <ul className={classes.lost}>
        <li>
          {t('delete.lostCertificate', {
            names: summary.dnsNames.concat(summary.ipNames).map(readableName).join(', '),
          })}
        </li>
        <li>{t('delete.lostKey')}</li>
        {rollbacks.length > 0 ? <li>{t('delete.rollbacks', { count: rollbacks.length })}</li> : null}
      </ul>
    </ConfirmDialog>
  )
}

const formats = ['pem', 'leaf', 'der', 'p7b'] as const

/** Exports the public parts of a certificate, never the key. */
function ExportMenu({ summary }: { summary: CertificateSummary }) {
  const { t } = useTranslation('certificates')
  const call = useCall()
  const [opened, setOpened] = useState(false)
  const save = async (format: (typeof formats)[number]) => {
    const file = await call.run((client) => client.certificates.export({ id: summary.id, format }))
    if (file) downloadBase64(file)
  }
  return (
    <>
      <Menu opened={opened} onChange={setOpened} position="top-start" withinPortal>
        <Menu.Target>
          <ActionButton
            action={exportCertificate}
            variant="default"
            busy={call.busy}
            act={() => setOpened(!opened)}
          />
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Label>{t('export.note')}</Menu.Label>
          {formats.map((format) => (
            <Menu.Item key={format} onClick={() => void save(format)}>
              {t(`export.${format}`)}
            </Menu.Item>
          ))}
          <Menu.Divider />
          <Menu.Label maw={280} className="pretty">
            {t('export.noKey')}
          </Menu.Label>
        </Menu.Dropdown>
      </Menu>
      {call.error ? <ErrorPanel error={call.error} /> : null}
    </>
  )
}
