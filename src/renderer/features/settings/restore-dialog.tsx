import { Button, Modal, Stack } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { EngineStatus } from '../../../contract/engine-status.ts'
import { useClient } from '../../engine/engine-context.tsx'
import { DropZone } from '../../ui/drop-zone.tsx'
import { notifyDone } from '../../ui/notify.ts'
import { SecretForm } from '../../ui/secret-form.tsx'
import { useCall } from '../../ui/use-call.ts'
import classes from './settings.module.css'

interface DialogProps {
  opened: boolean
  status: EngineStatus
  onClose: () => void
}

/** A backup in the vault's place: the file, its passphrase, and what is lost by it. */
export function RestoreDialog({ opened, status, onClose }: DialogProps) {
  const { t } = useTranslation('settings')
  return (
    <Modal opened={opened} onClose={onClose} title={t('backup.restoreTitle')} centered size="md">
      <Steps status={status} onClose={onClose} />
    </Modal>
  )
}

function Steps({ status, onClose }: Omit<DialogProps, 'opened'>) {
  const { t } = useTranslation('settings')
  const [file, setFile] = useState<File | null>(null)
  if (file) return <Form file={file} status={status} onAnother={() => setFile(null)} onClose={onClose} />
  return (
    <DropZone
      label={t('backup.choose')}
      text={t('backup.chooseText')}
      onFiles={([chosen]) => setFile(chosen ?? null)}
    />
  )
}

function Form(props: { file: File; status: EngineStatus; onAnother: () => void; onClose: () => void }) {
  const { t } = useTranslation('settings')
  const { file, status } = props
  const client = useClient()
  const call = useCall()
  const send = async (passphrase: string) => {
    if (!(await call.run(() => client.vault.restore({ file, passphrase })))) return
    notifyDone(t('backup.restored'))
    props.onClose()
  }
  return (
    <SecretForm
      asks="given"
      label={t('backup.passphrase')}
      submitLabel={t('backup.restoreDo')}
      danger
      call={call}
      onSend={(passphrase) => void send(passphrase)}
      onClose={props.onClose}
    >
      <div className={classes.chosen}>
        <strong>{t('backup.chosen', { file: file.name })}</strong>
        <Button variant="subtle" disabled={call.busy} onClick={props.onAnother}>
          {t('backup.another')}
        </Button>
      </div>
      <Stack gap={4}>
        <span>{t('backup.lost')}</span>
        <ul className={classes.list}>
          <li>{t('backup.lostDomains', { count: status.domains.total })}</li>
          <li>{t('backup.lostCertificates', { count: status.certificates })}</li>
          <li>{t('backup.lostTrail')}</li>
        </ul>
        <span className={classes.dim}>{t('backup.lostText')}</span>
      </Stack>
    </SecretForm>
  )
}
